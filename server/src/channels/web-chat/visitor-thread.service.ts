import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { deviceName } from '../../identity/sessions/user-agent.js';
import { invalid, notFound, type Problem } from '../../platform/http/problem.js';
import { isVisible } from '../../platform/http/schema-fields.js';
import { ContactWritesPort, VisitorThreadPort, type IngestedMessage, type VisitorConversation } from '../contract/ports.js';
import { IdentifyVisitor } from './identify-visitor.service.js';
import type { Visitor } from './visitor.js';
import type { VisitorIdentity } from './visitors.repository.js';
import type { NewMessage } from './widget-thread.dto.js';

/** A visitor's conversation with what is known of the visitor. */
export interface OwnConversation { conversation: VisitorConversation; identity: VisitorIdentity }

/** This chat's owners have switched files off. */
export const filesNotTaken = (): Problem => invalid('message.attachments', 'are not taken by this chat');

/** What a visitor does in their own conversation. */
@Injectable()
export class VisitorThread {
  constructor(private readonly identify: IdentifyVisitor, private readonly threads: VisitorThreadPort, private readonly writes: ContactWritesPort) {}

  /** The visitor's newest conversation, or undefined. */
  async find(visitor: Visitor): Promise<OwnConversation | undefined> {
    const identity = await this.identify.current(visitor);
    const conversation = identity && await this.threads.current(visitor.accountId, identity.id);
    return conversation && { conversation, identity };
  }

  hasBegun(visitor: Visitor): Promise<boolean> {
    return this.threads.hasBegun(visitor.accountId, visitor.inbox.id, visitor.sourceId);
  }

  /** The same where a conversation is needed. Throws 404. */
  async demand(visitor: Visitor): Promise<OwnConversation> {
    const own = await this.find(visitor);
    if (!own) throw notFound();
    return own;
  }

  /** Throws Problem `invalid` for a message that this chat does not take. */
  refuseUnfit(visitor: Visitor, message: NewMessage): void {
    const files = message.attachments ?? [];
    if (!isVisible(message.content) && files.length === 0) throw invalid('message.content', "Content can't be blank");
    if (files.length > 0 && !visitor.config.selected_feature_flags.includes('attachments')) throw filesNotTaken();
  }

  /** Stores a message of the visitor, once for one echo id; the first one opens the conversation. */
  async write(
    visitor: Visitor, request: FastifyRequest, message: NewMessage, attributes: Record<string, unknown> | undefined, { inNewConversation = false } = {},
  ): Promise<IngestedMessage & { message: Record<string, unknown> }> {
    this.refuseUnfit(visitor, message);
    const files = message.attachments ?? [];
    const stored = await this.writes.write({ accountId: visitor.accountId, id: visitor.inbox.id }, {
      kind: 'message_received', sender: { sourceId: visitor.sourceId }, content: message.content || null, attachments: files,
      // The echo id is the browser's own, so it only means something together with whose browser it is.
      externalId: message.echo_id ? `${visitor.sourceId}:${message.echo_id}` : randomUUID(), echoId: message.echo_id ?? undefined, inReplyTo: message.reply_to ?? undefined,
      newConversation: inNewConversation, conversation: { additionalAttributes: circumstances(request, message), customAttributes: attributes },
    });
    // A conversation that was there already takes the attributes too, as pre-chat answers do on a second visit.
    if (attributes && Object.keys(attributes).length > 0 && !stored.duplicate) await this.threads.mergeCustomAttributes(visitor.accountId, stored.conversationId, attributes, []);
    return stored;
  }

  /** Opens a conversation without a message. */
  async open(visitor: Visitor, request: FastifyRequest, attributes: Record<string, unknown> | undefined): Promise<VisitorConversation> {
    const { identity } = await this.identify.write(visitor, {});
    return this.threads.open(visitor.accountId, visitor.inbox.id, identity.id, { additional: circumstances(request, {}), custom: attributes });
  }
}

/** Where a conversation began, for agents to see. */
function circumstances(request: FastifyRequest, message: NewMessage): Record<string, unknown> {
  const device = deviceName(request.headers['user-agent'] ?? null);
  const language = /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*/.exec(request.headers['accept-language'] ?? '')?.[0];
  return {
    browser: { browser_name: device.browser, platform_name: device.platform }, ...(language ? { browser_language: language } : {}),
    ...(message.referer_url ? { referer: message.referer_url } : {}), ...(message.timestamp ? { initiated_at: { timestamp: message.timestamp } } : {}),
  };
}

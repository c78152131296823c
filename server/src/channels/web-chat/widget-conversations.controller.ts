import { Body, Get, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AcceptsFiles } from '../../platform/http/accepts-files.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { Problem } from '../../platform/http/problem.js';
import { TranscriptPort, VisitorThreadPort, type VisitorConversation as Conversation } from '../contract/ports.js';
import { IdentifyVisitor } from './identify-visitor.service.js';
import { VisitorStartsGuard } from './visitor-writes.guard.js';
import { VisitorRoutes } from './visitor-routes.js';
import { CurrentVisitor, type Visitor } from './visitor.js';
import { VisitorThread } from './visitor-thread.service.js';
import type { VisitorIdentity } from './visitors.repository.js';
import { WidgetLimits } from './widget-limits.service.js';
import { WidgetPresenter } from './widget.presenter.js';
import { DropAttributes, MaybeConversation, SetAttributes, StartConversation, ToggleTyping, VisitorConversation } from './widget-thread.dto.js';

/** The visitor's newest conversation, and starting another. */
@VisitorRoutes('conversations')
export class WidgetConversationsController {
  constructor(
    private readonly thread: VisitorThread, private readonly threads: VisitorThreadPort, private readonly identify: IdentifyVisitor,
    private readonly presenter: WidgetPresenter, private readonly limits: WidgetLimits, private readonly transcripts: TranscriptPort,
  ) {}

  @Get()
  @answers(MaybeConversation)
  async show(@CurrentVisitor() visitor: Visitor): Promise<z.infer<typeof MaybeConversation>> {
    const own = await this.thread.find(visitor);
    return own ? this.present(visitor, own.conversation, own.identity, []) : {};
  }

  @Post()
  @UseGuards(VisitorStartsGuard)
  @AcceptsFiles()
  @answers(VisitorConversation)
  async start(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Body({ schema: StartConversation }) body: StartConversation): Promise<VisitorConversation> {
    const withMessage = Boolean(body.message?.content) || Boolean(body.message?.attachments?.length);
    // Before anything is stored of the contact: a refused request leaves nothing behind.
    if (withMessage) this.thread.refuseUnfit(visitor, body.message!);
    if (body.contact) await this.identify.write(visitor, body.contact);
    if (!withMessage) {
      const opened = await this.thread.open(visitor, request, body.custom_attributes);
      return this.present(visitor, opened, (await this.identify.current(visitor))!, []);
    }
    const written = await this.thread.write(visitor, request, body.message!, body.custom_attributes, { inNewConversation: true });
    const { conversation, identity } = await this.thread.demand(visitor);
    return this.present(visitor, conversation, identity, [written.message]);
  }

  @Post('set_custom_attributes')
  @answersEmpty()
  async setAttributes(@CurrentVisitor() visitor: Visitor, @Body({ schema: SetAttributes }) body: z.infer<typeof SetAttributes>): Promise<void> {
    const { conversation } = await this.thread.demand(visitor);
    await this.threads.mergeCustomAttributes(visitor.accountId, conversation.id, body.custom_attributes, []);
  }

  @Post('destroy_custom_attributes')
  @answersEmpty()
  async dropAttributes(@CurrentVisitor() visitor: Visitor, @Body({ schema: DropAttributes }) names: string[]): Promise<void> {
    const { conversation } = await this.thread.demand(visitor);
    await this.threads.mergeCustomAttributes(visitor.accountId, conversation.id, {}, names);
  }

  @Post('update_last_seen')
  @answersEmpty()
  async seen(@CurrentVisitor() visitor: Visitor): Promise<void> {
    const own = await this.thread.find(visitor);
    if (own) await this.threads.markSeen(visitor.accountId, own.conversation.id);
  }

  @Post('toggle_typing')
  @answersEmpty()
  async typing(@CurrentVisitor() visitor: Visitor, @Body({ schema: ToggleTyping }) body: z.infer<typeof ToggleTyping>): Promise<void> {
    const { conversation } = await this.thread.demand(visitor);
    await this.threads.typing(visitor.accountId, conversation.id, body.typing_status === 'on');
  }

  /** Mails what was said to the contact's own address. Which that is, the answer does not tell: it may not be this visitor's. */
  @Post('transcript')
  @answersEmpty()
  async transcript(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest): Promise<void> {
    await this.limits.transcript(request);
    const { conversation } = await this.thread.demand(visitor);
    await this.transcripts.send(visitor.accountId, conversation.id, null);
  }

  /** Ends the chat. It is a GET because that is how Chatwoot's widget asks; the token in the header keeps other pages from making it. */
  @Get('toggle_status')
  @answersEmpty()
  async end(@CurrentVisitor() visitor: Visitor): Promise<void> {
    if (!visitor.config.selected_feature_flags.includes('end_conversation')) throw new Problem('forbidden', 'This chat can only be ended by the people who answer it.');
    const { conversation } = await this.thread.demand(visitor);
    if (conversation.status !== 'resolved') await this.threads.resolve(visitor.accountId, conversation.id);
  }

  private present(visitor: Visitor, conversation: Conversation, identity: VisitorIdentity, messages: Record<string, unknown>[]): VisitorConversation {
    return {
      id: conversation.displayId, uuid: conversation.uuid, inbox_id: visitor.inbox.id, status: conversation.status, contact_last_seen_at: conversation.contactLastSeenAt,
      agent_last_seen_at: conversation.agentLastSeenAt, custom_attributes: conversation.customAttributes, messages: messages as VisitorConversation['messages'],
      contact: this.presenter.contact(identity),
    };
  }
}

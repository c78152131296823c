import { Injectable } from '@nestjs/common';
import type { InboundMessage } from '../../channels/contract/inbound-event.js';
import { IngestPort, type IngestedMessage } from '../../channels/contract/ports.js';
import { ContactIdentities } from '../../contacts/contact-identities.service.js';
import type { LockedIdentity } from '../../contacts/identities.repository.js';
import type { NewEvent } from '../../delivery/event-types.js';
import { Events } from '../../delivery/events.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound, Problem } from '../../platform/http/problem.js';
import { AttachmentsRepository } from '../attachments/attachments.repository.js';
import { CONTENT_TYPES, MessageStatus, MessageType, SenderType, Status } from '../conversation-codes.js';
import { conversationChanges } from '../conversation-changes.js';
import '../conversation.events.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { FirstStatus } from '../lifecycle/first-status.service.js';
import { content, echoId } from '../messages/message.dto.js';
import { previewOf } from '../messages/message-markdown.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { IngestRepository, type IngestInbox, type OpenConversation } from './ingest.repository.js';

/** The one way in for messages from outside. */
@Injectable()
export class IngestMessage extends IngestPort {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly ingestion: IngestRepository, private readonly identities: ContactIdentities,
    private readonly conversations: ConversationsRepository, private readonly messages: MessagesRepository, private readonly attachments: AttachmentsRepository, private readonly events: Events, private readonly beginnings: FirstStatus,
  ) {
    super();
  }

  /** Stores the message exactly once. When this resolves, it is on disk, and everything else follows from its event. */
  async ingest(inbox: { accountId: number; id: number }, message: InboundMessage): Promise<IngestedMessage> {
    refuseUnstorable(message);
    return this.unitOfWork.run(accountId(inbox.accountId), async (tx) => {
      const settings = await this.ingestion.takeReceipt(tx, inbox.id, message.externalId);
      if (!settings) throw notFound();
      if (!settings.fresh) return this.answerAgain(tx, inbox.id, message.externalId);
      const identity = await this.identities.resolve(tx, inbox.id, message.sender);
      const found = message.newConversation ? undefined : message.joins && message.conversationId !== undefined
        ? await this.ingestion.lockJoined(tx, message.conversationId) : await this.ingestion.lockConversation(tx, identity, message.conversationId);
      if (!found && !message.newConversation && message.conversationId !== undefined) throw notFound();
      const continued = found && (mayContinue(found, settings, identity, message) ? found : await this.openSince(tx, identity, message));
      const target = continued ? await this.continue(tx, identity, settings, continued, message) : await this.begin(tx, identity, settings, message);
      const { id: conversationId, display_id: conversationDisplayId, inbox_id: inboxId } = target.conversation;
      await message.alsoStore?.(tx, { messageId: target.messageId, conversationId, conversationDisplayId, contactId: identity.contact_id, inboxId });
      await this.ingestion.completeReceipt(tx, inbox.id, message.externalId, target.conversation.id, target.messageId, identity.contact_id);
      await this.events.append(tx, ...target.events, { type: 'message.created', conversationId: target.conversation.id, payload: { message_id: target.messageId } });
      return {
        messageId: target.messageId, conversationId: target.conversation.id, conversationDisplayId: target.conversation.display_id,
        contactId: identity.contact_id, contactInboxId: identity.id, duplicate: false,
      };
    });
  }

  /** A program may go on naming a conversation that is over: what its contact writes then belongs to the one that is open since. */
  private async openSince(tx: Tx, identity: LockedIdentity, message: InboundMessage): Promise<OpenConversation | undefined> {
    if (message.conversationId === undefined) return undefined;
    const newest = await this.ingestion.lockConversation(tx, identity, undefined);
    return newest?.status === Status.resolved ? undefined : newest;
  }

  private async answerAgain(tx: Tx, inboxId: number, externalId: string): Promise<IngestedMessage> {
    const first = await this.ingestion.firstTime(tx, inboxId, externalId);
    if (!first) throw new Problem('gone', 'This message has been erased.');
    return {
      messageId: first.message_id, conversationId: first.conversation_id, conversationDisplayId: first.display_id, contactId: first.contact_id,
      contactInboxId: first.contact_inbox_id, duplicate: true,
    };
  }

  private async continue(tx: Tx, identity: LockedIdentity, inbox: IngestInbox, conversation: OpenConversation, message: InboundMessage): Promise<Stored> {
    const stored = await this.store(tx, identity, conversation, message);
    if (message.writtenBy) {
      await this.conversations.recordReply(tx, conversation.id, { messageId: stored.id, at: stored.at, preview: preview(message) }, { type: SenderType.user, userId: message.writtenBy.userId });
      return { conversation, messageId: stored.id, events: [] };
    }
    const quiet = identity.blocked || message.quiet === true;
    // Somebody who is muted wakes nobody; a conversation that a bot still holds stays with it.
    const status = quiet || conversation.status === Status.pending ? conversation.status : conversation.status === Status.resolved ? await this.beginnings.of(tx, identity.inbox_id, inbox) : Status.open;
    await this.conversations.recordIncoming(tx, conversation.id, { messageId: stored.id, at: stored.at, preview: preview(message) }, { status, quiet });
    const changed: NewEvent[] = status === conversation.status ? []
      : [{ type: 'conversation.status_changed', conversationId: conversation.id, payload: { from: conversation.status, to: status, changes: conversationChanges(conversation, { status, snoozed_until: null }) } }];
    return { conversation, messageId: stored.id, events: changed };
  }

  private async begin(tx: Tx, identity: LockedIdentity, inbox: IngestInbox, message: InboundMessage): Promise<Stored> {
    const quiet = identity.blocked || message.quiet === true;
    const conversation = await this.ingestion.open(tx, identity, {
      status: quiet ? Status.resolved : await this.beginnings.of(tx, identity.inbox_id, inbox), quiet, preview: preview(message),
      additional: message.conversation?.additionalAttributes, custom: message.conversation?.customAttributes,
    });
    await this.store(tx, identity, conversation, message, conversation);
    return {
      conversation, messageId: conversation.messageId,
      events: [{ type: 'conversation.created', conversationId: conversation.id, payload: { display_id: conversation.display_id } }],
    };
  }

  private async store(tx: Tx, identity: LockedIdentity, { id: conversationId, inbox_id: inboxId }: OpenConversation, message: InboundMessage, opened?: { messageId: number }): Promise<{ id: number; at: string }> {
    const inReplyTo = message.inReplyTo !== undefined && await this.messages.exists(tx, conversationId, message.inReplyTo) ? message.inReplyTo : null;
    const stored = await this.messages.insert(tx, {
      id: opened?.messageId, conversationId, inboxId,
      ...(message.writtenBy ? { messageType: MessageType.outgoing, senderType: SenderType.user, senderId: message.writtenBy.userId }
        : { messageType: MessageType.incoming, senderType: SenderType.contact, senderId: identity.contact_id }),
      content: message.content || null, contentType: Math.max(0, CONTENT_TYPES.indexOf((message.contentType ?? 'text') as 'text')), status: MessageStatus.sent, private: false,
      contentAttributes: message.contentAttributes ?? null, additionalAttributes: message.automatic ? { automatic: true } : null, inReplyTo, echoId: message.echoId ?? null, sourceId: message.sourceId ?? message.externalId,
    });
    // One echo id under two external ids: the second is refused whole, with its receipt.
    if (!stored) throw new Problem('conflict', 'This message has been sent already.');
    await this.attachments.insert(tx, { conversationId, messageId: stored.id, files: message.attachments });
    return stored;
  }
}

interface Stored { conversation: OpenConversation; messageId: number; events: NewEvent[] }

/** Whether a message goes on in a conversation. A resolved one opens again, unless the inbox wants a new one for every matter. */
function mayContinue(conversation: OpenConversation, inbox: IngestInbox, identity: LockedIdentity, message: InboundMessage): boolean {
  return conversation.status !== Status.resolved || identity.blocked || message.joins === true
    || inbox.lock_to_single_conversation || inbox.allow_messages_after_resolved;
}

const preview = (message: InboundMessage): string | null => previewOf(message.content) ?? message.attachments[0]?.fileName ?? null;

/** Channels check what they take in; this is the last line before the row. */
function refuseUnstorable(message: InboundMessage): void {
  if (message.content !== null && !content.safeParse(message.content).success) throw invalid('content', 'Content is too long or holds characters that cannot be stored');
  if (!message.content?.trim() && message.attachments.length === 0 && !message.contentAttributes) throw invalid('content', "Content can't be blank");
  if (message.echoId !== undefined && !echoId.safeParse(message.echoId).success) throw invalid('echo_id', 'is empty, too long, or holds characters that cannot be stored');
}

import { Injectable } from '@nestjs/common';
import type { InboundStatus } from '../../channels/contract/inbound-event.js';
import { StatusPort } from '../../channels/contract/ports.js';
import { Events } from '../../delivery/events.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { MessageStatus, MessageType } from '../conversation-codes.js';
import '../conversation.events.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { isNews } from '../messages/change-message.service.js';
import { messageChanges } from '../messages/message-changes.js';
import { MessagesRepository, type MessageRow } from '../messages/messages.repository.js';
import { IngestRepository } from './ingest.repository.js';

const MAX_REASON = 1_000;

/** The way in for news about messages of ours: each piece once, and never back to less than is known. */
@Injectable()
export class ReportStatus extends StatusPort {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly receipts: IngestRepository, private readonly conversations: ConversationsRepository, private readonly messages: MessagesRepository,
    private readonly events: Events,
  ) {
    super();
  }

  report(inbox: { accountId: number; id: number }, conversationId: number, news: InboundStatus): Promise<boolean> {
    return this.unitOfWork.run(accountId(inbox.accountId), async (tx) => {
      const receipt = await this.receipts.takeReceipt(tx, inbox.id, news.externalId);
      if (!receipt?.fresh) return false;
      const conversation = await this.conversations.lockById(tx, conversationId);
      const message = conversation && await this.messages.find(tx, conversationId, news.messageId);
      if (!message || message.inbox_id !== inbox.id || message.deleted_at || message.private || message.message_type === MessageType.incoming) return false;
      const change = changeOf(message, news);
      if (!change) return false;
      await this.messages.setStatus(tx, conversationId, message.id, change.status, change.error);
      await this.events.append(tx, { type: 'message.updated', conversationId, payload: { message_id: message.id, changes: messageChanges(message, { ...message, status: change.status, external_error: change.error }) } });
      return true;
    });
  }
}

/** What changes: the status when it is news, else only what is said beside it. */
function changeOf(message: MessageRow, news: InboundStatus): { status: number; error: string | null } | undefined {
  const reason = news.reason?.replaceAll('\u0000', '').slice(0, MAX_REASON).toWellFormed() ?? null;
  const reported = MessageStatus[news.status];
  // A delay that is reported after the failure is old news.
  if (reported === MessageStatus.sent && message.status === MessageStatus.failed) return undefined;
  if (isNews(message.status, reported)) return { status: reported, error: reason };
  const mayBeSaid = message.status <= MessageStatus.read && reported !== MessageStatus.failed;
  return reason !== null && mayBeSaid && reason !== message.external_error ? { status: message.status, error: reason } : undefined;
}

import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../../delivery/job.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Log } from '../../../platform/logging/log.js';
import { ChatsRepository, type ChatMessageRow, type ChatRow } from './chats.repository.js';
import { MailChat } from './mail-chat.service.js';

const AT_ONCE = 50;
/** Pauses after a mail that was not taken. */
const PAUSES_S = [60, 300, 1_800, 7_200];

/** Sends visitors who have left what they have not read, in one mail. */
@Injectable()
@RunsJob({ name: 'mail-unread-answers', everyMs: 20_000, waitsForOthers: true })
export class SendUnread implements Job {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly chats: ChatsRepository, private readonly mailing: MailChat, private readonly log: Log) {}

  async run(): Promise<void> {
    for (const { account_id: account, conversation_id: conversation } of await this.chats.due(AT_ONCE)) {
      try {
        await this.follow(account, conversation);
      } catch (error) {
        this.log.error('an unread answer could not be mailed', { account_id: account, conversation_id: conversation, error });
      }
    }
  }

  private async follow(account: number, conversationId: number): Promise<void> {
    const id = accountId(account);
    const found = await this.unitOfWork.run(id, async (tx): Promise<{ chat: ChatRow; messages: ChatMessageRow[] } | undefined> => {
      const chat = await this.chats.chat(tx, conversationId);
      const messages = chat && chat.continues && !chat.blocked && chat.contact_email !== null ? await this.chats.unread(tx, chat) : [];
      if (chat && messages.length > 0) return await this.chats.markMailed(tx, conversationId, messages.at(-1)!.id) ? { chat, messages } : undefined;
      await this.chats.nothingWaits(tx, conversationId);
      return undefined;
    });
    if (!found) return;
    const outcome = await this.mailing.unread(id, found.chat, found.messages);
    const pause = PAUSES_S[found.chat.attempts];
    if (outcome.kind === 'refused' && !outcome.permanent && pause !== undefined) await this.unitOfWork.run(id, (tx) => this.chats.again(tx, conversationId, found.chat.mailed_up_to, pause));
  }
}

import { Injectable } from '@nestjs/common';
import { TranscriptPort } from '../../contract/ports.js';
import { Throttles, type Throttle } from '../../../identity/throttles/throttles.service.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { notFound, unprocessable } from '../../../platform/http/problem.js';
import { ChatsRepository } from './chats.repository.js';
import { MailChat } from './mail-chat.service.js';

const HOUR = 3_600;
const PER_CONVERSATION: Throttle = { name: 'transcripts', tries: 5, seconds: HOUR };
const PER_ACCOUNT: Throttle = { name: 'account-transcripts', tries: 200, seconds: HOUR };

/** Mails what was said in a conversation, not without end. */
@Injectable()
export class Transcripts extends TranscriptPort {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly chats: ChatsRepository, private readonly mailing: MailChat, private readonly throttles: Throttles) {
    super();
  }

  async available(account: number): Promise<boolean> {
    return await this.unitOfWork.run(accountId(account), (tx) => this.chats.mailInbox(tx)) !== undefined;
  }

  async send(account: number, conversationId: number, to: string | null): Promise<void> {
    const id = accountId(account);
    const found = await this.unitOfWork.run(id, async (tx) => {
      const chat = await this.chats.chat(tx, conversationId);
      return chat && { chat, messages: await this.chats.everything(tx, chat.conversation_id) };
    });
    if (!found) throw notFound();
    const address = to ?? found.chat.contact_email;
    if (address === null) throw unprocessable('There is no address to send it to.');
    await this.throttles.take(PER_CONVERSATION, `${account}:${conversationId}`);
    await this.throttles.take(PER_ACCOUNT, String(account));
    const outcome = await this.mailing.transcript(id, found.chat, found.messages, address);
    if (outcome.kind !== 'accepted') throw unprocessable(`The transcript was not sent. ${outcome.reason}`);
  }
}

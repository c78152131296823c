import { Body, Controller, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../../../identity/access/principal.js';
import { Throttles, type Throttle } from '../../../identity/throttles/throttles.service.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answersEmpty } from '../../../platform/http/answers.js';
import { notFound, unprocessable } from '../../../platform/http/problem.js';
import { email, pathId } from '../../../platform/http/schema-fields.js';
import { ChatsRepository } from './chats.repository.js';
import { MailChat } from './mail-chat.service.js';

const SendTranscript = z.object({ email });
const HOUR = 3_600;
const PER_CONVERSATION: Throttle = { name: 'transcripts', tries: 5, seconds: HOUR };
const PER_ACCOUNT: Throttle = { name: 'account-transcripts', tries: 200, seconds: HOUR };

/** Mails what was said in a conversation. */
@Controller('api/v1/accounts/:account_id/conversations/:conversation_id/transcript')
@MemberOnly()
export class TranscriptsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly chats: ChatsRepository, private readonly mailing: MailChat, private readonly throttles: Throttles) {}

  @Post()
  @answersEmpty()
  async send(@CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Body({ schema: SendTranscript }) body: z.infer<typeof SendTranscript>): Promise<void> {
    const found = await this.unitOfWork.run(me.accountId, async (tx) => {
      const id = await this.chats.visible(tx, displayId, isAdministrator(me) ? null : me.userId);
      const chat = id === undefined ? undefined : await this.chats.chat(tx, id);
      return chat && { chat, messages: await this.chats.everything(tx, chat.conversation_id) };
    });
    if (!found) throw notFound();
    await this.throttles.take(PER_CONVERSATION, `${me.accountId}:${displayId}`);
    await this.throttles.take(PER_ACCOUNT, String(me.accountId));
    const outcome = await this.mailing.transcript(me.accountId, found.chat, found.messages, body.email);
    if (outcome.kind !== 'accepted') throw unprocessable(`The transcript was not sent. ${outcome.reason}`);
  }
}

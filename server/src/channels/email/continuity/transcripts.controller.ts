import { Body, Controller, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../../../identity/access/principal.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answersEmpty } from '../../../platform/http/answers.js';
import { notFound } from '../../../platform/http/problem.js';
import { email, pathId } from '../../../platform/http/schema-fields.js';
import { ChatsRepository } from './chats.repository.js';
import { Transcripts } from './transcripts.service.js';

const SendTranscript = z.object({ email });

/** Mails what was said in a conversation. */
@Controller('api/v1/accounts/:account_id/conversations/:conversation_id/transcript')
@MemberOnly()
export class TranscriptsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly chats: ChatsRepository, private readonly transcripts: Transcripts) {}

  @Post()
  @answersEmpty()
  async send(@CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Body({ schema: SendTranscript }) body: z.infer<typeof SendTranscript>): Promise<void> {
    const id = await this.unitOfWork.run(me.accountId, (tx) => this.chats.visible(tx, displayId, isAdministrator(me) ? null : me.userId));
    if (id === undefined) throw notFound();
    await this.transcripts.send(me.accountId, id, body.email);
  }
}

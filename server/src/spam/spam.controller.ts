import { Controller, Delete, Param, Post } from '@nestjs/common';
import { ActOnConversation } from '../conversations/act-on-conversation.service.js';
import { LifecycleRepository } from '../conversations/lifecycle/lifecycle.repository.js';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { answersEmpty } from '../platform/http/answers.js';
import { pathId } from '../platform/http/schema-fields.js';
import { MarkSpam } from './mark-spam.service.js';

/** The spam folder; it is listed with `GET conversations?status=spam`. */
@Controller('api/v1/accounts/:account_id/conversations/:id/spam')
@MemberOnly()
export class SpamController {
  constructor(private readonly act: ActOnConversation, private readonly marking: MarkSpam, private readonly lifecycle: LifecycleRepository) {}

  /** Puts the conversation into the spam folder, resolved, and learns from it. */
  @Post()
  @answersEmpty()
  mark(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    return this.set(me, id, true);
  }

  /** Not spam: takes it out, open and unread. */
  @Delete()
  @answersEmpty()
  unmark(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    return this.set(me, id, false);
  }

  private async set(me: Member, id: number, isSpam: boolean): Promise<void> {
    await this.act.run(me, id, async (tx, conversation) => this.marking.set(tx, conversation, isSpam, { userId: me.userId, name: await this.lifecycle.nameOf(tx, me) }));
  }
}

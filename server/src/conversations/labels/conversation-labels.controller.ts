import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { BotsToo, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { LabelTitleList, LabelTitles } from '../../inboxes/label.dto.js';
import { answers } from '../../platform/http/answers.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import { LifecycleRepository } from '../lifecycle/lifecycle.repository.js';
import { ConversationLabelsRepository } from './conversation-labels.repository.js';
import { LabelConversation } from './label-conversation.service.js';

type Titles = z.infer<typeof LabelTitleList>;

/** The labels of a conversation. */
@Controller('api/v1/accounts/:account_id/conversations/:id/labels')
@MemberOnly()
export class ConversationLabelsController {
  constructor(
    private readonly act: ActOnConversation, private readonly labelling: LabelConversation, private readonly labels: ConversationLabelsRepository, private readonly lifecycle: LifecycleRepository,
  ) {}

  @Get()
  @BotsToo()
  @answers(LabelTitleList)
  list(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<Titles> {
    return this.act.read(me, id, async (tx, conversation) => ({ payload: await this.labels.titles(tx, conversation.label_ids) }));
  }

  /** Replaces the whole set. */
  @Post()
  @BotsToo()
  @answers(LabelTitleList)
  replace(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: LabelTitles }) body: LabelTitles): Promise<Titles> {
    return this.act.run(me, id, async (tx, conversation) =>
      ({ payload: await this.labelling.replace(tx, conversation, body.labels, { userId: me.userId, name: await this.lifecycle.nameOf(tx, me) }) }));
  }
}

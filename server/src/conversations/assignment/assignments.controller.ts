import { Body, Controller, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { Agent } from '../../identity/agents/agent.dto.js';
import { answers } from '../../platform/http/answers.js';
import { unprocessable } from '../../platform/http/problem.js';
import { formInt, pathId } from '../../platform/http/schema-fields.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import { LifecycleRepository } from '../lifecycle/lifecycle.repository.js';
import { ConversationPresenter } from '../queries/conversation.presenter.js';
import { ConversationReader } from '../queries/conversation-reader.js';
import { AssignConversation } from './assign-conversation.service.js';

const Assign = z.object({ assignee_id: formInt.nullish(), team_id: formInt.nullish() });

/** Who takes care of a conversation. */
@Controller('api/v1/accounts/:account_id/conversations/:id/assignments')
@MemberOnly()
export class AssignmentsController {
  constructor(
    private readonly act: ActOnConversation, private readonly assignment: AssignConversation, private readonly lifecycle: LifecycleRepository,
    private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
  ) {}

  /** Answers whom it belongs to now: a colleague, or null. 0 and null take it from everybody. */
  @Post()
  @answers(Agent.nullable())
  assign(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: Assign }) body: z.infer<typeof Assign>): Promise<Agent | null> {
    if (body.assignee_id === undefined) throw unprocessable('Say who takes it: assignee_id is missing');
    return this.act.run(me, id, async (tx, conversation) => {
      await this.assignment.assign(tx, conversation, body.assignee_id || null, { userId: me.userId, name: await this.lifecycle.nameOf(tx, me.userId) });
      return (await this.presenter.one(tx, (await this.reader.find(tx, me, id))!)).meta.assignee ?? null;
    });
  }
}

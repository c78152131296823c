import { Body, Controller, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { BotsToo, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { Agent } from '../../identity/agents/agent.dto.js';
import { ShownTeam } from '../../inboxes/teams/team.dto.js';
import { answers } from '../../platform/http/answers.js';
import { unprocessable } from '../../platform/http/problem.js';
import { formInt, pathId, text } from '../../platform/http/schema-fields.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import { LifecycleRepository } from '../lifecycle/lifecycle.repository.js';
import { AssignedBot } from '../queries/conversation.dto.js';
import { ConversationPresenter } from '../queries/conversation.presenter.js';
import { ConversationReader } from '../queries/conversation-reader.js';
import { AssignConversation } from './assign-conversation.service.js';

// Any other word than AgentBot means a person, as with Chatwoot.
const Assign = z.object({ assignee_id: formInt.nullish(), assignee_type: text(50).nullish(), team_id: formInt.nullish() });
const InQuery = z.object({ team_id: formInt.optional() });

/** Who takes care of a conversation. */
@Controller('api/v1/accounts/:account_id/conversations/:id/assignments')
@MemberOnly()
export class AssignmentsController {
  constructor(
    private readonly act: ActOnConversation, private readonly assignment: AssignConversation, private readonly lifecycle: LifecycleRepository,
    private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
  ) {}

  /** Answers whom it belongs to now: a colleague, a bot, a team, or null. 0 and null take it away. A colleague goes before a team. `assignee_type: AgentBot`: the id is a bot's. */
  @Post()
  @BotsToo()
  @answers(z.union([Agent, AssignedBot, ShownTeam]).nullable())
  assign(
    @CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: Assign }) body: z.infer<typeof Assign>, @Query({ schema: InQuery }) query: z.infer<typeof InQuery>,
  ): Promise<Agent | AssignedBot | z.infer<typeof ShownTeam> | null> {
    const teamId = body.team_id === undefined ? query.team_id : body.team_id;
    if (body.assignee_id === undefined && teamId === undefined) throw unprocessable('Say who takes it: assignee_id and team_id are missing');
    return this.act.run(me, id, async (tx, conversation) => {
      const actor = { userId: me.userId, name: await this.lifecycle.nameOf(tx, me) };
      const toPerson = body.assignee_id !== undefined;
      if (body.assignee_type === 'AgentBot' && body.assignee_id) await this.assignment.assignBot(tx, conversation, body.assignee_id, actor);
      else if (toPerson) await this.assignment.assign(tx, conversation, body.assignee_id || null, actor);
      else await this.assignment.assignTeam(tx, conversation, teamId || null, actor);
      const { meta } = await this.presenter.one(tx, (await this.reader.find(tx, me, id))!);
      return (toPerson ? meta.assignee : meta.team) ?? null;
    });
  }
}

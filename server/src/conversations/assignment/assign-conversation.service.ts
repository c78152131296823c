import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import { TeamsRepository } from '../../inboxes/teams/teams.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { ActivityLines } from '../activity/activity-lines.service.js';
import type { Activity } from '../activity/activity-texts.js';
import type { Actor } from '../actor.js';
import { Status } from '../conversation-codes.js';
import '../conversation.events.js';
import type { ConversationRow } from '../conversations.repository.js';
import { ChangeStatus } from '../lifecycle/change-status.service.js';
import { AssignmentRepository } from './assignment.repository.js';

/** Gives conversations to people and teams. */
@Injectable()
export class AssignConversation {
  constructor(
    private readonly members: InboxMembersRepository, private readonly teams: TeamsRepository, private readonly assignments: AssignmentRepository, private readonly lines: ActivityLines,
    private readonly events: Events, private readonly statuses: ChangeStatus,
  ) {}

  /** Call it with the conversation locked. Null takes it from everybody. `turn`: nobody decided it, it was somebody's turn. */
  async assign(tx: Tx, conversation: ConversationRow, assigneeId: number | null, actor: Actor | 'turn'): Promise<void> {
    const assignee = assigneeId === null ? undefined : await this.refuseUnable(tx, conversation.inbox_id, assigneeId);
    const bot = heldBy(conversation);
    if (conversation.assignee_id === assigneeId && bot === null) return;
    const actorId = actor === 'turn' ? undefined : actor.userId;
    const line = await this.lines.write(tx, conversation, { ...activityOf(assignee, actor), assignee: { from: conversation.assignee_id, to: assigneeId } }, actorId);
    await this.assignments.assign(tx, conversation.id, assigneeId, line.messageId);
    await this.events.append(tx, { type: 'assignee.changed', conversationId: conversation.id, actorId, payload: { from: conversation.assignee_id, to: assigneeId, ...(bot !== null && { bot: { from: bot, to: null } }) } }, line.event);
    // A person who takes it from a bot answers it.
    if (bot !== null && assigneeId !== null) await this.statuses.change(tx, conversation, Status.open, null, actor === 'turn' ? { name: assignee!.name } : actor);
  }

  /** Call it with the conversation locked. The bot has it for itself: no person does, and it is pending. Throws 404 for a bot that this account has not. */
  async assignBot(tx: Tx, conversation: ConversationRow, botId: number, actor: Actor): Promise<void> {
    const bot = await this.assignments.bot(tx, botId);
    if (!bot) throw notFound();
    const before = heldBy(conversation);
    if (before === bot.id && conversation.assignee_id === null) return;
    const line = await this.lines.write(tx, conversation, { key: 'assigned', params: { name: actor.name, assignee: bot.name } }, actor.userId);
    await this.assignments.assignBot(tx, conversation.id, bot.id, line.messageId);
    await this.events.append(tx, {
      type: 'assignee.changed', conversationId: conversation.id, actorId: actor.userId, payload: { from: conversation.assignee_id, to: null, bot: { from: before, to: bot.id } },
    }, line.event);
    await this.statuses.change(tx, conversation, Status.pending, null, actor);
  }

  /** Call it with the conversation locked. Null takes it from its team. Who takes care of it stays. */
  async assignTeam(tx: Tx, conversation: ConversationRow, teamId: number | null, actor: Actor): Promise<void> {
    const team = teamId === null ? undefined : await this.teams.lock(tx, teamId);
    if (teamId !== null && !team) throw invalid('team_id', 'is no team of this account');
    if (conversation.team_id === teamId) return;
    const line = await this.lines.write(tx, conversation, team ? { key: 'team_assigned', params: { name: actor.name, team: team.name } } : { key: 'team_removed', params: { name: actor.name } }, actor.userId);
    await this.assignments.assignTeam(tx, conversation.id, teamId, line.messageId);
    await this.events.append(tx, { type: 'team.changed', conversationId: conversation.id, actorId: actor.userId, payload: { from: conversation.team_id, to: teamId } }, line.event);
  }

  /** Throws Problem `invalid` unless this person sees the inbox: members of it, and administrators. */
  async refuseUnable(tx: Tx, inboxId: number, userId: number): Promise<{ id: number; name: string }> {
    const able = (await this.members.assignable(tx, [inboxId])).find((row) => row.id === userId);
    if (!able) throw invalid('assignee_id', 'is nobody who can see this conversation');
    return { id: able.id, name: able.display_name || able.name };
  }
}

/** A bot holds what is pending; what was opened since is for people. */
const heldBy = (conversation: ConversationRow): number | null => (conversation.status === Status.pending ? conversation.agent_bot_id : null);

function activityOf(assignee: { id: number; name: string } | undefined, actor: Actor | 'turn'): Activity {
  if (actor === 'turn') return assignee ? { key: 'turn_assigned', params: { assignee: assignee.name } } : { key: 'turn_released', params: {} };
  if (!assignee) return { key: 'unassigned', params: { name: actor.name } };
  return assignee.id === actor.userId ? { key: 'self_assigned', params: { name: actor.name } } : { key: 'assigned', params: { name: actor.name, assignee: assignee.name } };
}

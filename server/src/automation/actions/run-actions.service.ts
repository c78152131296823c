import { Injectable } from '@nestjs/common';
import { AssignConversation } from '../../conversations/assignment/assign-conversation.service.js';
import type { Actor } from '../../conversations/actor.js';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { ConversationsRepository, type ConversationRow } from '../../conversations/conversations.repository.js';
import { LabelConversation } from '../../conversations/labels/label-conversation.service.js';
import { ChangePriority } from '../../conversations/lifecycle/change-priority.service.js';
import { ChangeStatus } from '../../conversations/lifecycle/change-status.service.js';
import { MuteContact } from '../../conversations/lifecycle/mute-contact.service.js';
import { PostMessage } from '../../conversations/messages/post-message.service.js';
import type { EventTypes } from '../../delivery/event-types.js';
import { Events } from '../../delivery/events.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { AddressGuard, AddressRefused } from '../../platform/outbound-http/address-guard.js';
import { invalid, Problem } from '../../platform/http/problem.js';
import type { Action, ActionName } from './action.dto.js';
import { ActionsRepository } from './actions.repository.js';
import { ActionFilesRepository } from '../files/action-files.repository.js';
import { saidBy } from './said-by.js';
import { stepOf, type Step } from './action-steps.js';
import { fillVariables } from './fill-variables.js';
import './outside.events.js';

const NO_TEAM = 'names a team that is not of this account';

/** What could not be done, and why. */
export interface LeftOut { action_name: ActionName; message: string }
/** What became of a list of actions: the names of those that were done, and each that could not be, whole or in part. */
export interface Outcome { done: string[]; leftOut: LeftOut[] }

/** Does with a conversation what macros, rules and bulk actions say: the one place where that is done. */
@Injectable()
export class RunActions {
  constructor(
    private readonly conversations: ConversationsRepository, private readonly assignment: AssignConversation, private readonly labelling: LabelConversation, private readonly statuses: ChangeStatus,
    private readonly priorities: ChangePriority, private readonly muting: MuteContact, private readonly posting: PostMessage, private readonly repository: ActionsRepository,
    private readonly people: InboxMembersRepository, private readonly events: Events, private readonly files: ActionFilesRepository, private readonly channels: ChannelRegistry,
    private readonly guard: AddressGuard,
  ) {}

  /** Throws Problem `invalid` for actions that say nothing, or name people or teams that are not of this account: by the field in which the caller gave them. */
  async check(tx: Tx, actions: readonly Action[], fieldOf = (_action: Action, n: number): string => `actions.${n}.action_params`): Promise<void> {
    for (const [n, action] of actions.entries()) {
      const step = stepOf(action);
      const field = fieldOf(action, n);
      if (typeof step === 'string') throw invalid(field, `${action.action_name} ${step}`);
      if (step.do === 'assign' && typeof step.to === 'number' && (await this.people.peopleOf(tx, [step.to])).length === 0) throw invalid(field, 'names somebody who is not in this account');
      if (step.do === 'webhook') this.demandReachable(field, step.url);
      if (step.do === 'files' && !await this.files.keep(tx, step.files)) throw invalid(field, 'names a file that is not there');
      const teams = step.do === 'team' && step.to !== null ? [step.to] : step.do === 'mail_team' ? [...new Set(step.teams)] : [];
      if (teams.length > 0 && (await this.repository.teamsOf(tx, teams)).length !== teams.length) throw invalid(field, NO_TEAM);
    }
  }

  /** In their order, with the conversation locked. What cannot be done is said and left out; the rest goes on. `event` is what a called server is told. */
  async run(tx: Tx, conversationId: number, actions: readonly Action[], actor: Actor, event: string): Promise<Outcome> {
    const outcome: Outcome = { done: [], leftOut: [] };
    for (const action of actions) {
      const leaveOut = (message: string): unknown => outcome.leftOut.push({ action_name: action.action_name, message });
      // Each action sees what the one before has changed.
      const conversation = await this.conversations.lockById(tx, conversationId);
      if (!conversation) return outcome;
      const step = stepOf(action);
      try {
        if (typeof step === 'string') throw invalid('action_params', step);
        const missing = await this.take(tx, conversation, step, actor, event);
        if (missing) leaveOut(missing);
        outcome.done.push(action.action_name);
      } catch (error) {
        // Problems are found before anything is written; anything else must undo the whole.
        if (!(error instanceof Problem)) throw error;
        leaveOut(error.message);
      }
    }
    return outcome;
  }

  /** Answers what part of it could not be done, if there is one. Throws Problem when none of it could be. */
  private async take(tx: Tx, conversation: ConversationRow, step: Step, actor: Actor, event: string): Promise<string | void> {
    switch (step.do) {
      case 'message': {
        if (!step.private) await this.refuseEcho(tx, conversation, actor);
        const content = fillVariables(step.content, await this.repository.variables(tx, conversation.id, actor));
        await this.posting.write(tx, conversation, { userId: actor.userId ?? null }, {
          content, private: step.private, message_type: 'outgoing', content_type: 'text', ...saidBy(tx),
        });
        return;
      }
      case 'labels': await this.labelling.change(tx, conversation, step, actor); return;
      case 'assign': return this.assignment.assign(tx, conversation, await this.assigneeOf(tx, conversation, step.to, actor), actor);
      case 'team': return this.assignment.assignTeam(tx, conversation, step.to, actor);
      case 'mute': return this.muting.set(tx, conversation, true, actor);
      case 'status': return this.statuses.change(tx, conversation, step.status, step.until ?? null, actor);
      case 'priority': return this.priorities.change(tx, conversation, step.priority, actor);
      case 'transcript': return this.outside(tx, conversation, { want: 'transcript', to: step.to });
      case 'mail_team': return this.mailTeams(tx, conversation, step, actor);
      case 'webhook': return this.outside(tx, conversation, { want: 'webhook', url: step.url, event });
      case 'files': return this.sendFiles(tx, conversation, step.files, actor);
    }
  }

  private async assigneeOf(tx: Tx, conversation: ConversationRow, to: Extract<Step, { do: 'assign' }>['to'], actor: Actor): Promise<number | null> {
    if (to === 'self') return actor.userId ?? conversation.assignee_id;
    return to === 'last_responding_agent' ? await this.repository.lastResponder(tx, conversation.id) ?? conversation.assignee_id : to;
  }

  private async mailTeams(tx: Tx, conversation: ConversationRow, { teams, message }: Extract<Step, { do: 'mail_team' }>, actor: Actor): Promise<string | void> {
    const there = await this.repository.teamsOf(tx, teams);
    if (there.length === 0) throw invalid('action_params', NO_TEAM);
    await this.outside(tx, conversation, { want: 'mail_team', teams: there, message, by: actor.name });
    if (there.length < new Set(teams).size) return NO_TEAM;
  }

  private async sendFiles(tx: Tx, conversation: ConversationRow, files: string[], actor: Actor): Promise<void> {
    if (!this.channels.get(conversation.channel_type).capabilities.attachments) throw invalid('action_params', 'This channel takes no files');
    await this.refuseEcho(tx, conversation, actor);
    if ((await this.files.find(tx, files)).length !== files.length) throw invalid('action_params', 'The file is gone');
    return this.outside(tx, conversation, { want: 'files', files, user_id: actor.userId ?? null });
  }

  /** The same rule as for webhooks of the account: what would never be called is refused when it is written down. */
  private demandReachable(field: string, url: string): void {
    try {
      this.guard.parse(url);
    } catch (error) {
      if (error instanceof AddressRefused) throw invalid(field, `send_webhook_event needs another web address. ${error.message}`);
      throw error;
    }
  }

  /** A person may answer a program; a rule may not. */
  private async refuseEcho(tx: Tx, conversation: ConversationRow, actor: Actor): Promise<void> {
    if (typeof actor.userId !== 'number' && await this.repository.answersProgram(tx, conversation.id)) throw invalid('action_params', 'Not sent, because a program wrote last: nobody would read it, and two programs that answer each other never end');
  }

  private outside(tx: Tx, conversation: ConversationRow, payload: EventTypes['automation.outside_requested']): Promise<void> {
    return this.events.append(tx, { type: 'automation.outside_requested', conversationId: conversation.id, payload });
  }
}

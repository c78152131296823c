import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import { Presence } from '../../../realtime/presence.service.js';
import { Status } from '../../conversation-codes.js';
import type { ConversationRow } from '../../conversations.repository.js';
import { AssignConversation } from '../assign-conversation.service.js';
import { TurnsRepository } from './turns.repository.js';

/** What came of it: somebody was found, nobody is there who has room (it waits), or it wants nobody. */
export type TurnOutcome = 'given' | 'waits' | 'wants nobody';

/** Gives open conversations to those members of their inbox who are there, in turn. */
@Injectable()
export class AssignByTurn {
  constructor(private readonly turns: TurnsRepository, private readonly assignment: AssignConversation, private readonly presence: Presence) {}

  /** Call it with the conversation locked. `forTeam`: its team was chosen just now, which asks for somebody of the team whatever the inbox does by itself. */
  async give(tx: Tx, conversation: ConversationRow, { forTeam = false } = {}): Promise<TurnOutcome> {
    const rules = await this.turns.rules(tx, conversation.id);
    const wanted = conversation.status === Status.open && !conversation.contact_blocked && rules.team_takes_turns !== false && (rules.enabled || (forTeam && rules.team_takes_turns === true));
    if (!wanted || rules.assignee_sees_it) {
      await this.turns.waitsNoMore(tx, conversation.id);
      return 'wants nobody';
    }
    const next = await this.next(tx, conversation, rules.most);
    if (next === undefined) {
      await this.turns.waits(tx, conversation);
      return 'waits';
    }
    await this.assignment.assign(tx, conversation, next, 'turn');
    await this.turns.tookTurn(tx, conversation.inbox_id, next);
    await this.turns.waitsNoMore(tx, conversation.id);
    return 'given';
  }

  private async next(tx: Tx, conversation: ConversationRow, most: number | null): Promise<number | undefined> {
    const candidates = await this.turns.candidates(tx, conversation.inbox_id, conversation.team_id, most);
    const states = await this.presence.statusOf(tx.accountId, candidates);
    return candidates.find((id) => states.get(id) === 'online');
  }
}

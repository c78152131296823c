import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import { Presence } from '../../../realtime/presence.service.js';
import { Status } from '../../conversation-codes.js';
import type { ConversationRow } from '../../conversations.repository.js';
import { AssignConversation } from '../assign-conversation.service.js';
import { TurnsRepository, type TurnRules } from './turns.repository.js';

/** What came of it: somebody was found, nobody is there who has room (it waits), or it wants nobody. */
export type TurnOutcome = 'given' | 'waits' | 'wants nobody';

/** Gives open conversations to those members of their inbox who are there, in turn. */
@Injectable()
export class AssignByTurn {
  constructor(private readonly turns: TurnsRepository, private readonly assignment: AssignConversation, private readonly presence: Presence) {}

  /** Call it with the conversation locked. */
  async give(tx: Tx, conversation: ConversationRow, { forTeam = false } = {}): Promise<TurnOutcome> {
    return (await this.giveAll(tx, [{ conversation, forTeam }]))[0]!;
  }

  /** Call it with all of them locked. `forTeam`: its team was chosen just now, which asks for somebody of the team whatever the inbox does by itself. */
  async giveAll(tx: Tx, asked: readonly { conversation: ConversationRow; forTeam: boolean }[]): Promise<TurnOutcome[]> {
    const rules = await this.turns.rules(tx, asked.map(({ conversation }) => conversation.id));
    // Where nobody was found for one, nobody is found for the next.
    const withNobody = new Set<string>();
    const outcomes: TurnOutcome[] = [];
    for (const { conversation, forTeam } of asked) outcomes.push(await this.giveOne(tx, conversation, forTeam, rules.get(conversation.id)!, withNobody));
    const those = (waiting: boolean): ConversationRow[] => asked.flatMap(({ conversation }, n) => ((outcomes[n] === 'waits') === waiting ? [conversation] : []));
    await this.turns.wait(tx, those(true));
    await this.turns.waitNoMore(tx, those(false));
    return outcomes;
  }

  private async giveOne(tx: Tx, conversation: ConversationRow, forTeam: boolean, rules: TurnRules, withNobody: Set<string>): Promise<TurnOutcome> {
    const wanted = conversation.status === Status.open && !conversation.contact_blocked && rules.team_takes_turns !== false && (rules.enabled || (forTeam && rules.team_takes_turns === true));
    if (!wanted || rules.assignee_sees_it) return 'wants nobody';
    const group = `${conversation.inbox_id} ${conversation.team_id}`;
    const next = withNobody.has(group) ? undefined : await this.next(tx, conversation, rules.most);
    if (next === undefined) {
      withNobody.add(group);
      return 'waits';
    }
    await this.assignment.assign(tx, conversation, next, 'turn');
    await this.turns.tookTurn(tx, conversation.inbox_id, next);
    return 'given';
  }

  private async next(tx: Tx, conversation: ConversationRow, most: number | null): Promise<number | undefined> {
    const candidates = await this.turns.candidates(tx, conversation.inbox_id, conversation.team_id, most);
    const states = await this.presence.statusOf(tx.accountId, candidates);
    return candidates.find((id) => states.get(id) === 'online');
  }
}

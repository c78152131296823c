import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { AT_A_TIME, CountingRepository, type ConversationNow, type CountedConversation } from './counting.repository.js';
import { tallyOf, type ReportingEvent } from './reporting-event.js';
import { Changes, slotOf, type Tally } from './tally.js';
import { Thread, type ThreadSetting, type ThreadState } from './thread.js';

type Saved = CountedConversation & { thread: ThreadState };
interface Result { saved: Saved; events: (ReportingEvent & { conversationId: number; inboxId: number })[]; isMore: boolean }

/** Brings the counts of conversations up to what they are. Doing it again changes nothing, in whatever order one is asked. */
@Injectable()
export class CountConversations {
  constructor(private readonly repository: CountingRepository) {}

  async count(tx: Tx, ids: readonly number[]): Promise<void> {
    await this.repository.hold(tx);
    let left: CountedConversation[] = await this.repository.lock(tx, ids);
    const changes = new Changes();
    while (left.length > 0) {
      const now = new Map((await this.repository.now(tx, left)).map((row) => [row.id, row]));
      const results: Result[] = [];
      for (const row of left) {
        const current = now.get(row.conversation_id);
        if (current) results.push(await this.countOne(tx, row, current, changes));
      }
      await this.repository.insertEvents(tx, results.flatMap((result) => result.events));
      await this.repository.save(tx, results.map((result) => result.saved));
      left = results.filter((result) => result.isMore).map((result) => result.saved);
    }
    await this.repository.add(tx, changes.all());
  }

  private async countOne(tx: Tx, before: CountedConversation, now: ConversationNow, changes: Changes): Promise<Result> {
    const messages = now.messages ?? [];
    const setting: ThreadSetting = { createdAt: now.created_at.getTime(), isBotInbox: now.is_bot_inbox, isBlocked: now.is_blocked, hours: now };
    const isMore = messages.length === AT_A_TIME;
    const thread = new Thread(before.thread ?? Thread.start(setting, firstAssignee(now)), setting);
    for (const message of messages) thread.read(message);
    // Some ways of taking a conversation from somebody leave no line.
    if (!isMore) thread.state.assignee = now.assignee_id;

    if (before.thread) await this.move(tx, before, now, changes);
    else this.begin(now, changes);
    for (const { slot, tally, agentId } of thread.counted) {
      addWhereItIs(changes, now, slot, tally);
      if (agentId !== null) changes.add('agent', agentId, slot, tally);
    }
    return {
      saved: { ...before, assignee_id: now.assignee_id, team_id: now.team_id, label_ids: now.label_ids, last_message_id: messages.at(-1)?.id ?? before.last_message_id, thread: thread.state },
      events: thread.events.map((event) => ({ ...event, conversationId: now.id, inboxId: now.inbox_id })), isMore,
    };
  }

  private begin(now: ConversationNow, changes: Changes): void {
    const slot = slotOf(now.created_at);
    addWhereItIs(changes, now, slot, { conversations: 1 });
    if (now.assignee_id !== null) changes.add('agent', now.assignee_id, slot, { conversations: 1 });
  }

  /** What was counted under another agent, team or label goes along. What people did stays theirs: only the conversation itself changes hands. */
  private async move(tx: Tx, before: CountedConversation, now: ConversationNow, changes: Changes): Promise<void> {
    const created = slotOf(now.created_at);
    if (before.assignee_id !== now.assignee_id) {
      if (before.assignee_id !== null) changes.add('agent', before.assignee_id, created, { conversations: 1 }, -1);
      if (now.assignee_id !== null) changes.add('agent', now.assignee_id, created, { conversations: 1 });
    }
    const left = before.label_ids.filter((id) => !now.label_ids.includes(id));
    const joined = now.label_ids.filter((id) => !before.label_ids.includes(id));
    const isOtherTeam = before.team_id !== now.team_id;
    if (!isOtherTeam && left.length + joined.length === 0) return;
    for (const { slot, tally } of await this.countedSoFar(tx, before, created)) {
      if (isOtherTeam && before.team_id !== null) changes.add('team', before.team_id, slot, tally, -1);
      if (isOtherTeam && now.team_id !== null) changes.add('team', now.team_id, slot, tally);
      for (const id of left) changes.add('label', id, slot, tally, -1);
      for (const id of joined) changes.add('label', id, slot, tally);
    }
  }

  private async countedSoFar(tx: Tx, before: CountedConversation, created: number): Promise<{ slot: number; tally: Tally }[]> {
    const messages = await this.repository.countedMessages(tx, before.conversation_id, before.last_message_id);
    const events = await this.repository.countedEvents(tx, before.conversation_id);
    return [
      { slot: created, tally: { conversations: 1 } },
      ...messages.map(({ slot, ...tally }) => ({ slot, tally })),
      ...events.map((event) => ({ slot: slotOf(event.end), tally: tallyOf({ ...event, valueInBusinessHours: event.value_in_business_hours }) })),
    ];
  }
}

function addWhereItIs(changes: Changes, now: ConversationNow, slot: number, tally: Tally): void {
  changes.add('account', 0, slot, tally);
  changes.add('inbox', now.inbox_id, slot, tally);
  if (now.team_id !== null) changes.add('team', now.team_id, slot, tally);
  for (const id of now.label_ids) changes.add('label', id, slot, tally);
}

/** Whose it was at first: what the first change of hands says, or whose it is when it never changed. */
const firstAssignee = (now: ConversationNow): number | null => {
  const change = now.messages?.find((message) => message.assignee);
  return change ? change.assignee!.from : now.assignee_id;
};

import { describe, expect, test } from '@jest/globals';
import { Thread, type ThreadMessage, type ThreadSetting } from './thread.js';

const setting = (more: Partial<ThreadSetting> = {}): ThreadSetting =>
  ({ createdAt: 0, isBotInbox: false, isBlocked: false, hours: { working_hours_enabled: false, working_hours: [], timezone: 'UTC' }, ...more });
const blank: ThreadMessage = { id: 0, at: 0, message_type: 2, sender_type: 0, sender_id: null, private: false, automatic: false, activity: null, assignee: null };
const theirs = { message_type: 0, sender_type: 1, sender_id: 70 };
const ours = { message_type: 1, sender_type: 2, sender_id: 5 };
const bots = { message_type: 1, sender_type: 3, sender_id: 9 };
const line = (activity: string) => ({ activity });

/** What happens in a thread in which something comes every ten seconds: name, person, seconds. */
function told(things: Partial<ThreadMessage>[], given = setting(), assignee: number | null = null): [string, number | null, number][] {
  const thread = new Thread(Thread.start(given, assignee), given);
  things.forEach((thing, i) => thread.read({ ...blank, id: i + 1, at: i * 10_000, ...thing }));
  return thread.events.map((event) => [event.name, event.userId, event.value]);
}

describe('what happens in a thread', () => {
  test('the first answer of a person, then each answer to somebody who waits', () =>
    expect(told([theirs, theirs, ours, ours, theirs, theirs, ours])).toEqual([['first_response', 5, 20], ['reply_time', 5, 20]]));
  test('a note answers nobody, and neither does what an inbox says by itself', () =>
    expect(told([theirs, { ...ours, private: true }, { message_type: 3 }, { message_type: 1 }])).toEqual([]));
  test('a bot that answers keeps nobody waiting', () => expect(told([theirs, bots, theirs, ours, theirs, bots, ours])).toEqual([['first_response', 5, 30]]));
  test('resolving counts from the beginning each time, and opening from the last resolution', () =>
    expect(told([theirs, line('status_resolved'), line('status_open'), line('status_resolved'), theirs], setting(), 8)).toEqual([
      ['conversation_resolved', 8, 10], ['conversation_opened', 8, 10], ['conversation_resolved', 8, 30], ['conversation_opened', 8, 10]]));
  test('whom it belonged to at that moment', () =>
    expect(told([theirs, line('status_resolved'), { assignee: { from: 8, to: null } }, line('status_resolved')], setting(), 8).map(([, who]) => who)).toEqual([8, null]));
  test('a blocked person and a machine\'s answer wake nobody', () => {
    expect(told([line('status_resolved'), theirs, ours], setting({ isBlocked: true })).map(([name]) => name)).toEqual(['conversation_resolved', 'first_response']);
    expect(told([ours, { ...theirs, automatic: true }, ours]).map(([name]) => name)).toEqual(['first_response']);
  });
  test('a bot hands over once; the first response is counted from there', () =>
    expect(told([theirs, bots, theirs, line('status_open'), ours, line('status_pending'), line('status_open')], setting({ isBotInbox: true }))).toEqual([
      ['conversation_bot_handoff', null, 30], ['conversation_opened', null, 0], ['first_response', 5, 10], ['conversation_opened', null, 0]]));
  test('a bot resolves what no person answered', () => {
    expect(told([theirs, bots, line('status_resolved')], setting({ isBotInbox: true })).map(([name]) => name)).toEqual(['conversation_resolved', 'conversation_bot_resolved']);
    expect(told([theirs, ours, line('status_resolved')], setting({ isBotInbox: true })).map(([name]) => name)).toEqual(['first_response', 'conversation_resolved']);
  });
});

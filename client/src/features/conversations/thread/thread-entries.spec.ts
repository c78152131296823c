import { expect, it } from '@jest/globals';
import type { Message } from '../../../api/types';
import type { Outgoing } from '../state/outbox.reduce';
import { firstUnread, threadEntries } from './thread-entries';

const day = (seconds: number) => String(Math.floor(seconds / 86_400));
const message = (id: number, at: number, more: Partial<Message> = {}) => ({ id, created_at: at, message_type: 0, private: false, sender: { id: 5, name: 'A', type: 'contact' }, ...more }) as Message;
const shape = (messages: Message[], unreadFrom: number | null = null) =>
  threadEntries(messages, [], unreadFrom, day).map((entry) => (entry.kind === 'message' ? `${entry.first ? '[' : ''}${entry.message.id}${entry.last ? ']' : ''}` : entry.kind));

it('groups what one person says within five minutes', () => {
  expect(shape([message(1, 0), message(2, 100), message(3, 700), message(4, 750, { message_type: 1, sender: { id: 5, name: 'B', type: 'user' } })]))
    .toEqual(['day', '[1', '2]', '[3]', '[4]']);
});

it('never groups a note with a reply, nor activity lines', () => {
  const me = { message_type: 1 as const, sender: { id: 1, name: 'Me', type: 'user' as const } };
  expect(shape([message(1, 0, me), message(2, 1, { ...me, private: true }), message(3, 2, { message_type: 2, sender: null }), message(4, 3, { message_type: 2, sender: null })]))
    .toEqual(['day', '[1]', '[2]', '[3]', '[4]']);
});

it('begins each day and the unread part anew', () => {
  expect(shape([message(1, 86_399), message(2, 86_400), message(3, 86_401)], 3)).toEqual(['day', '[1]', 'day', '[2]', 'unread', '[3]']);
});

it('finds where the unread begins, whoever spoke in between', () => {
  const messages = [message(1, 10), message(2, 20, { message_type: 1 }), message(3, 30)];
  expect(firstUnread(messages, 15, 1)).toBe(3);
  expect(firstUnread(messages, 0, 2)).toBe(1);
  expect(firstUnread(messages, 15, 0)).toBeNull();
  expect(firstUnread(messages, 30, 1)).toBeNull();
});

it('shows a message once, as unsent until its own echo is there', () => {
  const waiting = { echoId: 'x', conversationId: 1 } as Outgoing;
  const kinds = (messages: Message[]) => threadEntries(messages, [waiting], null, day).map(({ kind, key }) => [kind, key]).slice(1);
  expect(kinds([message(1, 0)])).toEqual([['message', 'message-1'], ['outgoing', 'echo-x']]);
  expect(kinds([message(1, 0), message(2, 1, { echo_id: 'x' })])).toEqual([['message', 'message-1'], ['message', 'echo-x']]);
});

import { expect, it } from '@jest/globals';
import { drop, due, nextDue, release, restored, settled, spreadProgress, update, type Outgoing, type OutgoingFile } from './outbox.reduce';

function outgoing(echoId: string, more: Partial<Outgoing> = {}): Outgoing {
  return { echoId, conversationId: 1, content: echoId, private: false, inReplyTo: null, files: [], state: 'ready', createdAt: 0, heldUntil: 0, resolve: false, error: null, ...more };
}
const ids = (items: Outgoing[]) => items.map(({ echoId }) => echoId);

it('sends one at a time in a conversation, conversations beside each other', () => {
  const items = [outgoing('a'), outgoing('b'), outgoing('c', { conversationId: 2 })];
  expect(ids(due(items, 0))).toEqual(['a', 'c']);
  expect(ids(due(update(items, 'a', { state: 'sending' }), 0))).toEqual(['c']);
});

it('holds a message until its time, and those behind it', () => {
  const items = [outgoing('a', { state: 'held', heldUntil: 100 }), outgoing('b')];
  expect(due(items, 99)).toEqual([]);
  expect(nextDue(items)).toBe(100);
  expect(ids(due(items, 100))).toEqual(['a']);
});

it('lets go of what is held when the person moves on, only in that conversation', () => {
  const items = [outgoing('a', { state: 'held', heldUntil: 100 }), outgoing('b', { conversationId: 2, state: 'held', heldUntil: 100 })];
  expect(ids(due(release(items, 1), 0))).toEqual(['a']);
  expect(ids(due(release(items, null), 0))).toEqual(['a', 'b']);
});

it('a refused message does not stop the ones behind it', () => {
  const items = settled([outgoing('a', { state: 'sending' }), outgoing('b')], 'a', { kind: 'refused', error: 'Too long' });
  expect(items[0]).toMatchObject({ state: 'failed', error: 'Too long' });
  expect(ids(due(items, 0))).toEqual(['b']);
});

it('an unreachable server leaves the message first in line', () => {
  const items = settled([outgoing('a', { state: 'sending' }), outgoing('b')], 'a', { kind: 'unreachable' });
  expect(ids(due(items, 0))).toEqual(['a']);
});

it('is done when the answer or the event comes, whichever is first', () => {
  const items = drop([outgoing('a', { state: 'sending' })], 'a');
  expect(items).toEqual([]);
  expect(settled(items, 'a', { kind: 'unreachable' })).toEqual([]);
});

it('after a reload everything unsent goes again in the order of writing', () => {
  const items = restored([outgoing('b', { createdAt: 2, state: 'held', heldUntil: 9e15 }), outgoing('a', { createdAt: 1, state: 'sending' }), outgoing('c', { createdAt: 3, state: 'failed' })]);
  expect(items.map(({ echoId, state }) => [echoId, state])).toEqual([['a', 'ready'], ['b', 'ready'], ['c', 'failed']]);
});

it('tells the progress of each file from the bytes that left', () => {
  const file = (size: number): OutgoingFile => ({ name: 'f', size, type: 'image/png', blob: new Blob(), progress: 0 });
  expect(spreadProgress([file(100), file(300), file(0), file(10)], 250).map(({ progress }) => progress)).toEqual([1, 0.5, 1, 0]);
});

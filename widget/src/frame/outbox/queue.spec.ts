import { describe, expect, test } from '@jest/globals';
import { adopt, delayBefore, newEchoId, nextToSend, outcomeOf, restore, serialize, type Outgoing } from './queue';

const text = (echoId: string, more: Partial<Outgoing> = {}): Outgoing => ({ echoId, content: echoId, createdAt: Number(echoId) || 0, state: 'waiting', ...more });
const file = { name: 'a.png', size: 1 } as File;

describe('the outbox', () => {
  test('sends the oldest waiting message; a refused one does not hold the others up', () => {
    expect(nextToSend([text('1', { state: 'failed' }), text('2'), text('3')])?.echoId).toBe('2');
    expect(nextToSend([text('1', { state: 'failed' })])).toBeUndefined();
  });

  test('survives a reload with its ids; what was on its way waits again, files do not survive', () => {
    const stored = serialize([text('1', { state: 'sending' }), text('2', { state: 'failed', reason: 'no' }), text('3', { files: [file], progress: 0.5 })]);
    expect(restore(stored)).toEqual([text('1', { state: 'waiting' }), text('2', { state: 'failed', reason: 'no' })]);
    expect(serialize([])).toBeNull();
    expect(serialize([text('3', { files: [file] })])).toBeNull();
  });

  test.each([[null, 0], ['', 0], ['{"a":1}', 0], ['[1,null,{"echoId":"x"}]', 0], ['not json', 0]])('takes damaged storage %j as empty', (stored, length) => {
    expect(restore(stored)).toHaveLength(length);
  });

  test('tabs agree: what another tab sent goes, what it added comes, files stay, an attempt in this tab goes on', () => {
    const sending = text('2', { state: 'sending' });
    const own = [text('1'), sending, text('3', { files: [file] })];
    const merged = adopt(own, [text('2'), text('4')]);
    expect(merged.map((message) => message.echoId)).toEqual(['2', '3', '4']);
    expect(merged[0]).toBe(sending);
  });

  test.each([[200, 'accepted'], [201, 'accepted'], [0, 'later'], [408, 'later'], [429, 'later'], [500, 'later'], [503, 'later'],
    [401, 'session'], [400, 'rejected'], [403, 'rejected'], [404, 'rejected'], [413, 'rejected'], [422, 'rejected'], [507, 'rejected']] as const)('status %d means %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  test('waits a minute in silence, an hour it does not', () => {
    expect([outcomeOf(429, 60), outcomeOf(429, 3_600)]).toEqual(['later', 'rejected']);
  });

  test('waits longer each time up to half a minute, or as long as the server says', () => {
    expect([0, 1, 2, 10, 1000].map((attempt) => delayBefore(attempt))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
    expect(delayBefore(0, 42)).toBe(42_000);
  });

  test('ids are 32 hex digits and differ', () => {
    expect(newEchoId(new Uint8Array([0, 255, 16]))).toBe('00ff10');
    expect(newEchoId()).toMatch(/^[0-9a-f]{32}$/);
    expect(newEchoId()).not.toBe(newEchoId());
  });
});

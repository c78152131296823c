import { describe, expect, test } from '@jest/globals';
import { HOLD_BACK_MS, LEASE_MS, nextStep, type WaitingMessage } from './next-step.js';

const message = (messageId: number, changes: Partial<WaitingMessage> = {}): WaitingMessage => ({ messageId, attempt: 0, dueInMs: -1, claimedForMs: null, triedForMs: null, ...changes });

describe('the next step of a conversation', () => {
  test('nothing waits', () => {
    expect(nextStep([])).toEqual({ do: 'nothing' });
  });

  test('the oldest goes first', () => {
    expect(nextStep([message(1), message(2)])).toEqual({ do: 'send', messageId: 1 });
  });

  test('while one is being sent the others wait', () => {
    expect(nextStep([message(1, { claimedForMs: 4_000 }), message(2)])).toEqual({ do: 'wait', ms: LEASE_MS - 4_000 });
  });

  test('an attempt that died is settled first', () => {
    expect(nextStep([message(1, { claimedForMs: LEASE_MS }), message(2)])).toEqual({ do: 'settle', messageId: 1 });
  });

  test('a retry holds up the next message, for a minute', () => {
    expect(nextStep([message(1, { dueInMs: 5_000, triedForMs: 10 }), message(2)])).toEqual({ do: 'wait', ms: 5_000 });
    expect(nextStep([message(1, { dueInMs: 600_000, triedForMs: 20_000 }), message(2)])).toEqual({ do: 'wait', ms: HOLD_BACK_MS - 20_000 });
    expect(nextStep([message(1, { dueInMs: 600_000, triedForMs: HOLD_BACK_MS }), message(2)])).toEqual({ do: 'send', messageId: 2 });
  });

  test('with two held back, the sooner one is waited for', () => {
    const old = { triedForMs: HOLD_BACK_MS + 1 };
    expect(nextStep([message(1, { dueInMs: 600_000, ...old }), message(2, { dueInMs: 90_000, ...old })])).toEqual({ do: 'wait', ms: 90_000 });
  });
});

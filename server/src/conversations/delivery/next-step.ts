/** An attempt that has not reported for so long is dead: sending is cut off before. */
export const LEASE_MS = 30_000;
/** So long a later message waits for the retries of an earlier one. */
export const HOLD_BACK_MS = 60_000;

/** One waiting message of a conversation, with ages by the database's clock. */
export interface WaitingMessage {
  messageId: number;
  attempt: number;
  /** Milliseconds until it may be tried; negative when it is due. */
  dueInMs: number;
  /** How long its running attempt has run; null when none runs. */
  claimedForMs: number | null;
  /** How long ago its first try was; null before it. */
  triedForMs: number | null;
}

export type NextStep =
  | { do: 'nothing' }
  | { do: 'send'; messageId: number }
  /** An attempt died; only a channel that can tell repetitions is tried again. */
  | { do: 'settle'; messageId: number }
  | { do: 'wait'; ms: number };

/**
 * What to do with a conversation's waiting messages, oldest first. Only the oldest may go, so that they arrive in order; one that has been
 * retried for a minute no longer holds up those behind it.
 */
export function nextStep(waiting: WaitingMessage[]): NextStep {
  let wait: number | undefined;
  const sooner = (ms: number): void => { wait = Math.min(wait ?? ms, Math.max(ms, 0)); };
  for (const message of waiting) {
    if (message.claimedForMs !== null) {
      if (message.claimedForMs >= LEASE_MS) return { do: 'settle', messageId: message.messageId };
      return { do: 'wait', ms: LEASE_MS - message.claimedForMs };
    }
    if (message.dueInMs <= 0) return { do: 'send', messageId: message.messageId };
    sooner(message.dueInMs);
    const heldFor = message.triedForMs ?? 0;
    if (heldFor >= HOLD_BACK_MS) continue;
    sooner(HOLD_BACK_MS - heldFor);
    break;
  }
  return wait === undefined ? { do: 'nothing' } : { do: 'wait', ms: wait };
}

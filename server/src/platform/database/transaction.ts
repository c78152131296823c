import type { AccountId } from './account-id.js';

declare const brand: unique symbol;

/** What a statement needs to run. */
export interface Statements {
  sql<T = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<T[]>;
  /**
   * The same, read and planned once per connection instead of every time. For statements of every event and message that find or write rows by their keys, with
   * a text that never varies; not for lists, whose best plan depends on what they are asked for.
   */
  prepared<T = Record<string, unknown>>(text: string, params: readonly unknown[]): Promise<T[]>;
  /** Runs a statement that is expected to find at most one row. */
  one<T = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<T | undefined>;
  /** Runs when the transaction has really committed. Failures are logged, never thrown. */
  afterCommit(fn: () => void): void;
}

/** Something of ours that acts without a person, and how many such acts led to it: what reacts to events can tell its own echo. */
export interface Cause { by: string; id: number; depth: number }

/** The same transaction, in which everything that happens has this cause. */
export const causedBy = (tx: Tx, cause: Cause): Tx => ({ ...tx, cause });

/** An open transaction on one account's rows. Only the unit of work makes one. */
export interface Tx extends Statements {
  readonly [brand]: 'tx';
  readonly accountId: AccountId;
  /** What works here by itself: its events say so. */
  readonly cause?: Cause;
}

/** An open transaction across accounts, for work named in docs/architecture.md. */
export interface SystemTx extends Statements {
  readonly [brand]: 'system';
}

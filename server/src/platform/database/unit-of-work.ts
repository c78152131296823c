import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Log } from '../logging/log.js';
import { acting } from './acting.js';
import type { AccountId } from './account-id.js';
import { runInTransaction } from './run-in-transaction.js';
import { join, sharing } from './shared-transaction.js';
import type { Statements, SystemTx, Tx } from './transaction.js';

export const APP_DATA_SOURCE = Symbol('app data source');
export const SYSTEM_DATA_SOURCE = Symbol('system data source');

/** The one way to an account's rows: a transaction in which the database shows that account and no other. */
@Injectable()
export class UnitOfWork {
  constructor(@Inject(APP_DATA_SOURCE) private readonly source: DataSource, private readonly log: Log) {}

  /** Runs the work in one transaction. It commits when the work resolves and rolls back when it throws. */
  run<T>(accountId: AccountId, work: (tx: Tx) => Promise<T>): Promise<T> {
    // The id goes into SQL text, so it must be a number at run time too.
    if (!Number.isSafeInteger(accountId)) throw new RangeError('account id must be an integer');
    const within = (statements: Statements): Promise<T> => work({ ...statements, accountId } as Tx);
    return join(accountId, within) ?? runInTransaction(this.source, `BEGIN; SET LOCAL app.account_id = '${accountId}'${acting()}`, within,
      (error) => this.log.error('after commit failed', { error }));
  }

  /** The same, and every run() for this account inside the work becomes a part of it. */
  runShared<T>(accountId: AccountId, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(accountId, (tx) => sharing(accountId, tx, () => work(tx)));
  }
}

/** Cross-account work: sign-in, relay, sweepers, looking up an inbox by its public token. */
@Injectable()
export class SystemWork {
  constructor(@Inject(SYSTEM_DATA_SOURCE) private readonly source: DataSource, private readonly log: Log) {}

  run<T>(work: (tx: SystemTx) => Promise<T>): Promise<T> {
    const within = (statements: Statements): Promise<T> => work(statements as SystemTx);
    return join(SYSTEM_DATA_SOURCE, within) ?? runInTransaction(this.source, `BEGIN${acting()}`, within, (error) => this.log.error('after commit failed', { error }));
  }

  /** The same, and every run() inside the work becomes a part of it. */
  runShared<T>(work: (tx: SystemTx) => Promise<T>): Promise<T> {
    return this.run((tx) => sharing(SYSTEM_DATA_SOURCE, tx, () => work(tx)));
  }

  /** The open cross-account transaction seen as one account's: for appending that account's events. */
  within(tx: SystemTx, accountId: AccountId): Tx {
    return { ...(tx as Statements), accountId } as Tx;
  }

  /** One statement on its own, without a transaction around it. */
  async sql<T = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<T[]> {
    const raw = await this.source.query(text, params as unknown[] | undefined) as unknown[];
    return (raw.length === 2 && Array.isArray(raw[0]) && typeof raw[1] === 'number' ? raw[0] : raw) as T[];
  }
}

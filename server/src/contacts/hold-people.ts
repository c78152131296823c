import type { Tx } from '../platform/database/transaction.js';

/** Lets merges and erasures of an account's people happen one after the other: each moves or removes rows of several people, in whatever order they were named. */
export async function holdPeople(tx: Tx): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock(hashtext('people'), $1::int)`, [tx.accountId]);
}

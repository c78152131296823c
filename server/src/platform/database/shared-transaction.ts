import { AsyncLocalStorage } from 'node:async_hooks';
import type { Statements } from './transaction.js';

/** A transaction, or a part of one, that everything inside a piece of work joins. */
interface Shared {
  scope: unknown;
  statements: Statements;
  open: boolean;
  /** Counts the savepoints of the whole transaction. */
  savepoints: { last: number };
  /** Resolves when the parts asked for so far are done. */
  parts: Promise<unknown>;
}

const current = new AsyncLocalStorage<Shared>();

/** Runs work whose own transactions of the same scope become parts of the given one, so that all of them commit together or not at all. */
export const sharing = <T>(scope: unknown, statements: Statements, work: () => Promise<T>): Promise<T> =>
  within({ scope, statements, open: true, savepoints: { last: 0 }, parts: Promise.resolve() }, work);

/** Joins the transaction that is shared in this scope, behind a savepoint: a part that fails may be caught without spoiling the rest. Undefined when none is. */
export function join<T>(scope: unknown, work: (statements: Statements) => Promise<T>): Promise<T> | undefined {
  const shared = current.getStore();
  if (!shared?.open || shared.scope !== scope) return undefined;
  // One after the other: a savepoint that goes takes with it those that were set after it.
  const done = shared.parts.then(() => part(shared, work));
  shared.parts = done.catch(() => undefined);
  return done;
}

async function part<T>({ scope, statements, savepoints }: Shared, work: (statements: Statements) => Promise<T>): Promise<T> {
  const name = `part_${++savepoints.last}`;
  await statements.sql(`SAVEPOINT ${name}`);
  try {
    const result = await within({ scope, statements, open: true, savepoints, parts: Promise.resolve() }, () => work(statements));
    await statements.sql(`RELEASE SAVEPOINT ${name}`);
    return result;
  } catch (error) {
    await statements.sql(`ROLLBACK TO SAVEPOINT ${name}`).catch(() => undefined);
    throw error;
  }
}

/** Ends when also those parts are done that the work did not wait for: after the end, the connection is somebody else's. What begins later gets transactions of its own. */
async function within<T>(shared: Shared, work: () => Promise<T>): Promise<T> {
  try {
    return await current.run(shared, work);
  } finally {
    shared.open = false;
    await shared.parts;
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Statements } from './transaction.js';

/** A transaction that everything inside a piece of work joins. */
interface Shared { scope: unknown; statements: Statements; open: boolean; savepoints: number }

const current = new AsyncLocalStorage<Shared>();

/** Runs work whose own transactions of the same scope become parts of the given one, so that all of them commit together or not at all. */
export async function sharing<T>(scope: unknown, statements: Statements, work: () => Promise<T>): Promise<T> {
  const shared: Shared = { scope, statements, open: true, savepoints: 0 };
  try {
    return await current.run(shared, work);
  } finally {
    // What the work left running in the background gets transactions of its own again.
    shared.open = false;
  }
}

/** Joins the transaction that is shared in this scope, behind a savepoint: a part that fails may be caught without spoiling the rest. Undefined when none is. */
export function join<T>(scope: unknown, work: (statements: Statements) => Promise<T>): Promise<T> | undefined {
  const shared = current.getStore();
  return shared?.open && shared.scope === scope ? part(shared, work) : undefined;
}

async function part<T>(shared: Shared, work: (statements: Statements) => Promise<T>): Promise<T> {
  const name = `part_${++shared.savepoints}`;
  await shared.statements.sql(`SAVEPOINT ${name}`);
  try {
    const result = await work(shared.statements);
    await shared.statements.sql(`RELEASE SAVEPOINT ${name}`);
    return result;
  } catch (error) {
    await shared.statements.sql(`ROLLBACK TO SAVEPOINT ${name}`).catch(() => undefined);
    throw error;
  }
}

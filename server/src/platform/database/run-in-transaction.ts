import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Statements } from './transaction.js';

interface PgClient {
  query(text: string): Promise<{ command: string }>;
  query(statement: { name: string; text: string; values: readonly unknown[] }): Promise<{ rows: unknown[] }>;
}

/** Called with what an afterCommit callback threw. */
export type AfterCommitFailure = (error: unknown) => void;

/**
 * BEGIN with its settings in one round trip, work, COMMIT. Throws when the commit did not really commit:
 * PostgreSQL answers ROLLBACK, without an error, if the work swallowed a failed statement.
 */
export async function runInTransaction<T>(
  source: DataSource, begin: string, work: (statements: Statements) => Promise<T>, onAfterCommitFailure: AfterCommitFailure,
): Promise<T> {
  const runner = source.createQueryRunner();
  const after: (() => void)[] = [];
  let open = false;
  let client: PgClient | undefined;
  try {
    client = await runner.connect() as PgClient;
    await client.query(begin);
    open = true;
    const result = await work(statementsOf(runner, client, after));
    open = false;
    const end = await client.query('COMMIT');
    if (end.command !== 'COMMIT') throw new Error('Rolled back: a failed statement was swallowed inside the unit of work.');
    for (const fn of after) {
      try { fn(); } catch (error) { onAfterCommitFailure(error); }
    }
    return result;
  } catch (error) {
    // The connection may be gone; then the server has rolled back already.
    if (open) await client?.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

function statementsOf(runner: QueryRunner, client: PgClient, after: (() => void)[]): Statements {
  const sql = <T>(text: string, params?: readonly unknown[]): Promise<T[]> =>
    rows<T>(runner.query(text, params as unknown[] | undefined));
  const prepared = async <T>(text: string, params: readonly unknown[]): Promise<T[]> => (await client.query({ name: nameOf(text), text, values: params })).rows as T[];
  return { sql, prepared, one: async <T>(text: string, params?: readonly unknown[]) => (await sql<T>(text, params))[0], afterCommit: (fn) => { after.push(fn); } };
}

const names = new Map<string, string>();

/** PostgreSQL knows a prepared statement by a name: the same text has the same in every process. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

// TypeORM answers UPDATE and DELETE with [rows, count], everything else with rows.
async function rows<T>(answer: Promise<unknown>): Promise<T[]> {
  const raw = await answer as unknown[];
  return (raw.length === 2 && Array.isArray(raw[0]) && typeof raw[1] === 'number' ? raw[0] : raw) as T[];
}

import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** A statement as it went to Postgres. */
export interface Sent { client: object; text: string; params: unknown[] }

const recording = new AsyncLocalStorage<string[]>();
let everything: Sent[] | undefined;
const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;

pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]): unknown {
  const statement = (typeof args[0] === 'string' ? { text: args[0], values: args[1] } : args[0] ?? {}) as { text?: string; values?: unknown };
  const { text = '', values = args[1] } = statement;
  recording.getStore()?.push(text);
  everything?.push({ client: this, text, params: Array.isArray(values) ? values as unknown[] : [] });
  return original.apply(this, args);
} as typeof pg.Client.prototype.query;

/** The statements that the work sends to Postgres, without BEGIN, COMMIT and the wake-up after it. Only what runs in its own asynchronous context counts. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  await recording.run(texts, work);
  return texts.filter((text) => !/^(BEGIN|COMMIT|ROLLBACK|NOTIFY)/.test(text));
}

/** What a request over HTTP costs after it was let in: the statements of the first transaction on an account that the process begins while the work runs. */
export async function requestStatements(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = everything = [];
  try {
    await work();
  } finally {
    everything = undefined;
  }
  const begin = sent.find(({ text }) => text.startsWith('BEGIN; SET LOCAL app.account_id'));
  if (!begin) return [];
  const own = sent.slice(sent.indexOf(begin) + 1).filter(({ client }) => client === begin.client);
  return own.slice(0, own.findIndex(({ text }) => text === 'COMMIT' || text === 'ROLLBACK'));
}

import pg from 'pg';
import type { Delivery } from './delivery-jobs.js';
import type { StoredEvent } from './event-types.js';
import type { Routes } from './delivery-registry.js';
import { FORGET, MARK_DISPATCHED, nextBatch, OVERDUE } from './relay.sql.js';

/** Any constant: whoever holds it is the relay of this database. */
const RELAY_LOCK = 7_206_403;
/** PostgreSQL ends the session of a relay that says nothing for so long: a frozen process must not keep the lock. */
const SILENCE = '3s';
const KEEP_ALIVE_MS = 1_000;
/** An answer that takes longer will not come: the network has lost the connection without telling. */
const ANSWER_MS = 20_000;
const BATCH = 500;
/** A delivery that has not finished by then is queued again. */
export const OVERDUE_AFTER_S = 30;

/** Channel of wake-ups between processes of an installation without Redis. */
export const WAKE_CHANNEL = 'porchlight_relay';

type BatchRow = StoredEvent & { stored_at: string; subscribers: string[] };
/** An event with the names of those who are to be told of it. */
export interface RoutedEvent { event: StoredEvent; subscribers: string[] }
/** Keys of dispatched events; times as text, because a JavaScript date loses PostgreSQL's microseconds. */
type Keys = [accounts: number[], ids: number[], times: string[]];

/** The relay's own connection. All its statements run on it, so that losing the lock and losing the right to write are one thing. */
export class RelaySession {
  private dispatched: Keys = [[], [], []];
  private readonly client: pg.Client;
  private keepAlive?: NodeJS.Timeout;
  private fail!: (error: Error) => void;
  private asked: Promise<unknown> = Promise.resolve();
  private busy = false;
  private readonly nextBatch: string;
  /** Rejects when the connection is lost. */
  readonly lost: Promise<never>;

  constructor(databaseUrl: string, private readonly routes: Routes, private readonly onWake: () => void) {
    this.nextBatch = nextBatch(routes.conditions);
    this.client = new pg.Client({
      connectionString: databaseUrl, application_name: 'porchlight_relay', keepAlive: true, connectionTimeoutMillis: 10_000,
      options: '-c role=porchlight_system -c max_parallel_workers_per_gather=0 -c jit=off',
    });
    this.lost = new Promise((_, reject) => {
      this.fail = reject;
      this.client.on('error', reject);
      this.client.once('end', () => reject(new Error('The relay lost its connection.')));
    });
    this.lost.catch(() => undefined);
  }

  /** Connects and waits, perhaps for ever, until no other relay is at work. */
  async lead(listen: boolean): Promise<void> {
    await this.client.connect();
    await this.client.query('SELECT pg_advisory_lock($1)', [RELAY_LOCK]);
    await this.client.query(`SET idle_session_timeout = '${SILENCE}'`);
    // Presenting a batch or a slow queue must not look like a frozen process.
    this.keepAlive = setInterval(() => {
      if (!this.busy) this.ask({ text: 'SELECT 1', query_timeout: ANSWER_MS } as pg.QueryConfig).catch(this.fail);
    }, KEEP_ALIVE_MS);
    if (!listen) return;
    this.client.on('notification', this.onWake);
    await this.client.query(`LISTEN ${WAKE_CHANNEL}`);
  }

  /** The next undispatched events, numbered, oldest first. Marks those of the call before as dispatched. */
  async next(): Promise<RoutedEvent[]> {
    const { rows } = await this.ask<BatchRow>({ name: 'next-batch', text: this.nextBatch, values: [...this.dispatched, BATCH, this.routes.types, this.routes.subscribers, OVERDUE_AFTER_S] });
    this.dispatched = [rows.map((r) => r.account_id), rows.map((r) => r.id), rows.map((r) => r.stored_at)];
    return rows.map(({ stored_at: _, subscribers, ...event }) => ({ event: event as StoredEvent, subscribers }));
  }

  /** Deliveries that are late, at most so many. */
  async overdue(limit: number): Promise<Delivery[]> {
    const { rows } = await this.ask<StoredEvent & { subscriber: string; event_id: number; delivery_account_id: number }>(OVERDUE, [limit, OVERDUE_AFTER_S]);
    const gone = rows.filter((r) => r.id === null);
    if (gone.length > 0) await this.ask(FORGET, [gone.map((r) => r.delivery_account_id), gone.map((r) => r.event_id)]);
    return rows.filter((r) => r.id !== null).map(({ subscriber, event_id: _e, delivery_account_id: _a, ...event }) => ({ subscriber, event: event as StoredEvent }));
  }

  /** Makes every unfinished delivery due now: the queue was away and is back. */
  async allDue(): Promise<void> {
    await this.ask('UPDATE event_deliveries SET due_at = now() WHERE due_at > now()');
  }

  // One statement at a time; the keep-alive waits its turn.
  private ask<R extends pg.QueryResultRow>(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult<R>> {
    const answer = this.asked.then(() => {
      this.busy = true;
      return this.client.query<R>(query as string, values);
    }).finally(() => { this.busy = false; });
    this.asked = answer.catch(() => undefined);
    return answer;
  }

  /** Marks what was dispatched and gives the lock back. */
  async end(): Promise<void> {
    clearInterval(this.keepAlive);
    if (this.dispatched[1].length > 0) await this.ask(MARK_DISPATCHED, this.dispatched).catch(() => undefined);
    await this.close();
  }

  /** Drops the connection, whatever it is doing. */
  async close(): Promise<void> {
    clearInterval(this.keepAlive);
    await this.client.end().catch(() => undefined);
  }
}

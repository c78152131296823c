import pg from 'pg';

/** Columns that change by being looked at, or by the relay's and housekeeping's own work. */
const NOISE = ['last_used_at', 'last_used_ip', 'ip_address', 'dispatched_at', 'seq', 'user_agent'];
/** Tables that count and time things, or follow from others a little later. */
const NOISY_TABLES = /^(migrations|throttles|schedules|account_counters|conversation_count\w*|event_deliveries|processed_events|message_search\w*|reporting_\w*|audit_logs|waiting_assignments)$/;

/** What is stored: for each table how many rows, and a sum over their content. */
export type Rows = Map<string, string>;

/** Looks at every table of the database, whoever owns its rows. */
export class RowCounter {
  private sql = '';
  private constructor(private readonly client: pg.Client) {}

  static async open(url: string): Promise<RowCounter> {
    const counter = new RowCounter(new pg.Client({ connectionString: url }));
    await counter.client.connect();
    const { rows } = await counter.client.query<{ name: string }>(`SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1`);
    counter.sql = rows.filter(({ name }) => !NOISY_TABLES.test(name)).map(({ name }) =>
      `SELECT '${name}' AS name, count(*) || ' rows, ' || coalesce(sum(hashtextextended((to_jsonb(t) - '{${NOISE.join()}}'::text[])::text, 0)), 0) AS content FROM public."${name}" t`).join(' UNION ALL ');
    return counter;
  }

  async look(): Promise<Rows> {
    // Prepared once: planning for all tables takes longer than reading their few rows.
    const { rows } = await this.client.query<{ name: string; content: string }>({ name: 'look', text: this.sql });
    return new Map(rows.map(({ name, content }) => [name, content]));
  }

  /** Names of the tables that differ. */
  static changed(before: Rows, after: Rows): string[] {
    return [...after].filter(([name, content]) => before.get(name) !== content).map(([name, content]) => `${name}: ${before.get(name)} → ${content}`);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

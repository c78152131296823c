import pg from 'pg';

/** The owner's own connection, outside the pools: it may take hours, and acts for all accounts. Ends when the work ends. */
export async function asOwner<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl, application_name: 'porchlight_backup', connectionTimeoutMillis: 10_000, keepAlive: true,
    options: '-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c synchronize_seqscans=off -c max_parallel_workers_per_gather=0 -c jit=off -c client_encoding=UTF8 -c datestyle=ISO -c timezone=UTC',
  });
  // What happens to it also fails the statement that runs.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether row level security does not apply to this login. */
export async function seesEverything(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ all: boolean }>('SELECT rolsuper OR rolbypassrls AS all FROM pg_roles WHERE rolname = current_user');
  return rows[0]!.all;
}

import { createRequire } from 'node:module';
import { inRepository } from './repository.mjs';

/** Runs the work on one connection to the database and closes it. Rejects with the driver's own errors. */
export async function withClient(url, work) {
  // From the server's packages, and only now: the scripts start before anything is installed.
  const { Client } = createRequire(inRepository('server/package.json'))('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A connection that breaks later rejects the query; without a listener it would end the process as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

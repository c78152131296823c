import pg from 'pg';
import { ConfigError, type Config } from '../config/config.js';
import { Keyring } from './keyring.js';

const TEXT = 'porchlight';
const CONTEXT = 'installation:key_proof';
const NO_SUCH = ['42P01', '42703']; // table, column
export const WRONG_KEY = 'SECRET_KEY is not the one this database is sealed with. Set the one it was set up with, see docs/running.md. Nothing was changed.';

interface Kept { key_proof: string | null; key_id: string | null; people: boolean }
/** `unproved`: it opens what is sealed, or nothing is yet, but the database does not keep the proof of it; `no place`: it has no table for that. */
type Judgement = 'proved' | 'unproved' | 'wrong' | 'no place';

/** Throws ConfigError when what this database keeps was sealed with another key. Changes nothing; a database without our tables takes any key. */
export async function demandRightKey(config: Config): Promise<void> {
  if (await connected(config, (client) => judge(client, config)) === 'wrong') throw new ConfigError(WRONG_KEY);
}

/** The same, and from then on the database takes no other key. */
export async function keepKey(config: Config): Promise<void> {
  await connected(config, async (client) => {
    await client.query('BEGIN');
    // Of two first processes with different keys the second one sees what the first one kept.
    const judgement = await judge(client, config, 'FOR UPDATE OF i');
    if (judgement === 'wrong') throw new ConfigError(WRONG_KEY);
    if (judgement === 'unproved') await client.query('UPDATE installation SET key_proof = $1, key_id = NULL', [new Keyring(config.SECRET_KEY).seal(TEXT, CONTEXT)]);
    await client.query('COMMIT');
  });
}

async function judge(client: pg.Client, config: Config, locking = ''): Promise<Judgement> {
  const kept = await client.query<Kept>(`SELECT i.key_proof, i.key_id, EXISTS (SELECT FROM users) AS people FROM installation i ${locking}`).catch((error: { code?: string }) => {
    if (NO_SUCH.includes(error.code ?? '')) return undefined;
    throw error;
  });
  const row = kept?.rows[0];
  if (!row) return 'no place';
  const keyring = new Keyring(config.SECRET_KEY);
  if (row.key_proof !== null && opens(keyring, row.key_proof)) return 'proved';
  // While there is nobody, nothing is sealed: an installation made ready for a backup takes the key of the backup.
  if (!row.people) return 'unproved';
  return row.key_proof === null && (row.key_id === null || row.key_id === keyring.keyId) ? 'unproved' : 'wrong';
}

function opens(keyring: Keyring, proof: string): boolean {
  try {
    return keyring.open(proof, CONTEXT) === TEXT;
  } catch {
    return false;
  }
}

async function connected<T>(config: Config, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: config.DATABASE_URL, application_name: 'porchlight_key', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // the statement that runs says it
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

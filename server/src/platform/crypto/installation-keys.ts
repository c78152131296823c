import type pg from 'pg';
import { ConfigError } from '../config/config.js';
import { Keyring, type DataKey } from './keyring.js';
import { keyIdOf, RootKey } from './root-key.js';
import type { SealedColumn } from './sealed-column.js';

const TEXT = 'porchlight';
const PROOF = 'installation:key_proof';
const NO_SUCH = ['42P01', '42703']; // table, column
/** Processes that have keys listen here for changes of them. */
export const KEYS_CHANGED = 'porchlight_keys';
/** Any constants; processes hold shared locks on (KNOWS, 0), on (KNOWS, number of each key they can open with) and on (SEALS, number of the one they seal with). */
export const KNOWS = 7_206_420;
export const SEALS = 7_206_421;
export const SOMEBODY = 0;

/** By which a database of before told its key, and one that has lost its keys still does. */
export const KEY_PROOF: SealedColumn = { table: 'installation', column: 'key_proof', row: ['only_row'], context: () => PROOF };

export const WRONG_KEY = 'SECRET_KEY is not the one this database is sealed with. Set the one it was set up with, see docs/running.md. Nothing was changed.';
const OTHERS = 'Another installation, with another SECRET_KEY, works on this database. Give this one a database of its own, or the SECRET_KEY of the other processes.';
const DAMAGED = 'The keys in this database (installation_keys) are damaged: they do not open, although SECRET_KEY is right. Restore a backup. Nothing was changed.';

interface KeyRow { id: string; wrapped: string; wrapped_next: string | null; verifies_until: Date | null }
interface Kept { key_proof: string | null; key_id: string | null; former_key_id: string | null; key_changed_at: Date | null; people: boolean }

/** `open`: these are the keys. `new`: nothing is sealed yet, or with SECRET_KEY itself, as before there was a ring. `wrong`: why not. `no place`: there are no tables for keys. */
type Judgement = { is: 'open'; keys: DataKey[]; byNext: boolean } | { is: 'new'; sealedBefore: boolean } | { is: 'wrong'; why: string } | { is: 'no place' };

/** A number for half an advisory lock. Never that of SOMEBODY. */
export const numberOfKey = (id: string): number => (Number.parseInt(id, 16) >>> 1) || 1;
/** How a key is wrapped by a SECRET_KEY. */
export const wrapped = (secret: RootKey, key: RootKey): string => secret.seal(key.bytes.toString('base64url'), contextOf(key.id), 'wrap');
const contextOf = (id: string): string => `installation_keys:wrapped:${id}`;

/** The keys of this database, the current one first, as this SECRET_KEY opens them. Undefined without our tables, or before somebody took them. Throws ConfigError when it does not. Changes nothing. */
export async function readKeys(client: pg.Client, secretKey: string): Promise<DataKey[] | undefined> {
  const judgement = await judge(client, secretKey);
  if (judgement.is === 'wrong') throw new ConfigError(judgement.why);
  return judgement.is === 'open' ? judgement.keys : undefined;
}

/**
 * The same; and a database that has no keys gets its first one, and a SECRET_KEY that is used for the first time after it was changed is from then on the only one.
 */
export async function takeKeys(client: pg.Client, secretKey: string): Promise<DataKey[]> {
  await client.query('BEGIN');
  try {
    // Of two first processes with different keys the second one sees what the first one kept.
    const judgement = await judge(client, secretKey, 'FOR UPDATE OF i');
    if (judgement.is === 'wrong') throw new ConfigError(judgement.why);
    const keys = judgement.is === 'open' ? judgement.keys : judgement.is === 'new' ? await begin(client, ...firstKey(secretKey, judgement.sealedBefore)) : [];
    if (judgement.is === 'open' && judgement.byNext) await settle(client);
    await client.query('COMMIT');
    return keys;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function judge(client: pg.Client, secretKey: string, locking = ''): Promise<Judgement> {
  const row = (await unlessMissing(client.query<Kept>(`SELECT i.key_proof, i.key_id, to_jsonb(i) ->> 'former_key_id' AS former_key_id, (to_jsonb(i) ->> 'key_changed_at')::timestamptz AS key_changed_at,
    EXISTS (SELECT FROM users) AS people FROM installation i ${locking}`)))?.[0];
  if (!row) return { is: 'no place' };
  const rows = await allRows(client);
  const secret = RootKey.fromSecret(secretKey);
  if (rows?.length) {
    const opened = open(rows, secret);
    if (opened) return { is: 'open', ...opened };
  } else if (!row.people || provesItself(row, secret)) {
    return rows ? { is: 'new', sealedBefore: row.people } : { is: 'no place' };
  }
  if (row.former_key_id === secret.id) {
    return { is: 'wrong', why: `SECRET_KEY is the one that was replaced on ${row.key_changed_at?.toISOString().slice(0, 10)}. Set the new one, which "rotate-keys --new-secret-key" told; see docs/keys.md. Nothing was changed.` };
  }
  if (row.people) return { is: 'wrong', why: WRONG_KEY };
  // While there is nobody, nothing is sealed: an installation made ready for a backup takes the key of the backup, unless somebody works with the other one just now.
  return await somebodyElse(client) ? { is: 'wrong', why: OTHERS } : { is: 'new', sealedBefore: false };
}

// The current one first. Undefined in a database of before there was a ring.
async function allRows(client: pg.Client): Promise<KeyRow[] | undefined> {
  const { rows: [there] } = await client.query<{ keys: boolean }>(`SELECT to_regclass('public.installation_keys') IS NOT NULL AS keys`);
  if (!there!.keys) return undefined;
  return (await client.query<KeyRow>(
    'SELECT id, wrapped, wrapped_next, verifies_until FROM installation_keys ORDER BY (current_since IS NOT NULL AND replaced_at IS NULL) DESC, created_at DESC')).rows;
}

// What a database of before holds hangs on SECRET_KEY itself: that becomes its first key, and all stays readable. A new one gets a random key.
function firstKey(secretKey: string, sealedBefore: boolean): [RootKey, RootKey] {
  const secret = RootKey.fromSecret(secretKey);
  return [sealedBefore ? secret : RootKey.random(), secret];
}

/** In a database of before there was a ring. */
function provesItself({ key_proof: proof, key_id: id }: Kept, secret: RootKey): boolean {
  if (proof === null) return id === null || id === secret.id;
  try {
    return new Keyring([{ root: secret }]).open(proof, PROOF) === TEXT;
  } catch {
    return false;
  }
}

function open(rows: readonly KeyRow[], secret: RootKey): { keys: DataKey[]; byNext: boolean } | undefined {
  let byNext = false;
  const keys: DataKey[] = [];
  for (const row of rows) {
    const mine = [row.wrapped, row.wrapped_next].find((text) => text !== null && keyIdOf(text) === secret.id);
    if (!mine) return undefined;
    byNext ||= mine === row.wrapped_next;
    keys.push({ root: unwrapped(secret, row.id, mine), verifiesUntil: row.verifies_until ?? undefined });
  }
  return { keys, byNext };
}

function unwrapped(secret: RootKey, id: string, text: string): RootKey {
  try {
    const key = new RootKey(Buffer.from(secret.open(text, contextOf(id), 'wrap'), 'base64url'));
    if (key.id === id) return key;
  } catch { /* said below */ }
  throw new ConfigError(DAMAGED);
}

/** Whether a new SECRET_KEY waits to be used, or not everything has been sealed again with a new key. */
export async function unfinishedChange(client: pg.Client): Promise<'secret' | 'keys' | undefined> {
  const { rows: [found] } = await client.query<{ secret: boolean; keys: boolean }>(
    'SELECT coalesce(bool_or(wrapped_next IS NOT NULL), false) AS secret, coalesce(bool_or(replaced_at IS NULL AND resealed_at IS NULL), false) AS keys FROM installation_keys');
  return found!.secret ? 'secret' : found!.keys ? 'keys' : undefined;
}

/** Wraps all keys by a second SECRET_KEY, too. Both open them until the second one has been used once. Throws ConfigError when the first one does not. */
export async function wrapForNext(client: pg.Client, secretKey: string, next: string): Promise<void> {
  await client.query('BEGIN');
  // Nobody begins with either meanwhile.
  await client.query('SELECT FROM installation FOR UPDATE');
  for (const { root } of await readKeys(client, secretKey) ?? []) {
    await client.query('UPDATE installation_keys SET wrapped_next = $2 WHERE id = $1', [root.id, wrapped(RootKey.fromSecret(next), root)]);
  }
  const both = [await readKeys(client, secretKey), await readKeys(client, next)].map((keys) => keys?.map(({ root }) => root.bytes.toString('hex')).join());
  if (both[0] !== both[1]) throw new ConfigError(DAMAGED);
  await client.query('COMMIT');
}

/**
 * After a restore: the keys, wrapped by the SECRET_KEY of the backup, are wrapped by the present one. What a backup of before there were any holds
 * hangs on that SECRET_KEY itself, which becomes the first key. Can be done again.
 */
export async function adoptKeys(client: pg.Client, from: RootKey, to: RootKey): Promise<void> {
  const rows = await allRows(client);
  if (!rows) return;
  if (rows.length === 0) await begin(client, from, to);
  else if (!open(rows, to)) {
    const opened = open(rows, from);
    if (!opened) throw new ConfigError(DAMAGED);
    for (const { root } of opened.keys) await client.query('UPDATE installation_keys SET wrapped = $2, wrapped_next = NULL WHERE id = $1', [root.id, wrapped(to, root)]);
  }
  // A server that waits beside the empty database must not go on with the keys of that.
  await client.query(`NOTIFY ${KEYS_CHANGED}`);
}

async function begin(client: pg.Client, root: RootKey, secret: RootKey): Promise<DataKey[]> {
  await client.query('DELETE FROM installation_keys');
  await client.query('INSERT INTO installation_keys (id, wrapped, current_since, resealed_at) VALUES ($1, $2, now(), now())', [root.id, wrapped(secret, root)]);
  await client.query('UPDATE installation SET key_proof = $1, key_id = NULL, former_key_id = NULL, key_changed_at = NULL', [root.seal(TEXT, PROOF)]);
  await client.query('UPDATE recovery_codes SET key_id = $1 WHERE key_id IS NULL', [root.id]);
  return [{ root }];
}

// From here on the SECRET_KEY of before opens nothing.
async function settle(client: pg.Client): Promise<void> {
  await client.query(`UPDATE installation SET former_key_id = (SELECT split_part(wrapped, '.', 2) FROM installation_keys LIMIT 1), key_changed_at = now()`);
  await client.query('UPDATE installation_keys SET wrapped = wrapped_next, wrapped_next = NULL');
}

async function somebodyElse(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = $1 AND objid::bigint = $2 AND pid <> pg_backend_pid()
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1`, [KNOWS, SOMEBODY]);
  return rowCount! > 0;
}

async function unlessMissing<T extends pg.QueryResultRow>(query: Promise<pg.QueryResult<T>>): Promise<T[] | undefined> {
  try {
    return (await query).rows;
  } catch (error) {
    if (NO_SUCH.includes((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  }
}

import type pg from 'pg';
import { KEYS_CHANGED, KNOWS, numberOfKey, SEALS, SOMEBODY, wrapped } from '../../platform/crypto/installation-keys.js';
import { RootKey } from '../../platform/crypto/root-key.js';

export interface DataKeyRow { id: string; created_at: Date; current_since: Date | null; replaced_at: Date | null; verifies_until: Date | null; resealed_at: Date | null; removable: boolean }

/** Any constant: one change of the keys at a time, whoever asks. */
const ROTATION_LOCK = 7_206_422;
/** The lock that processes hold of versions which had no ring. */
const VERSIONS_OF_BEFORE = 7_206_410;
/** As long as the longest life of what is signed: the cookie of a known device. */
const LINKS_LIVE = '365 days';
/** By then nothing is on its way any more that was sealed before a key was replaced. */
const SETTLED = '1 day';

/** The ring as it is kept, for whoever changes it. Works on the owner's connection: no other role reads it. */
export class DataKeys {
  constructor(private readonly client: pg.Client) {}

  /** False when somebody else changes the keys just now. Holds until the connection ends. */
  async lock(): Promise<boolean> {
    return (await this.client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [ROTATION_LOCK])).rows[0]!.taken;
  }

  async all(): Promise<DataKeyRow[]> {
    return (await this.client.query<DataKeyRow>(
      `SELECT id, created_at, current_since, replaced_at, verifies_until, resealed_at,
         coalesce(replaced_at < now() - interval '${SETTLED}' AND verifies_until <= now(), false) AS removable FROM installation_keys ORDER BY created_at, id`)).rows;
  }

  /** Whether a new SECRET_KEY waits to be used for the first time. */
  async secretIsChanging(): Promise<boolean> {
    return (await this.client.query('SELECT FROM installation_keys WHERE wrapped_next IS NOT NULL LIMIT 1')).rowCount! > 0;
  }

  /** A new key, which nobody seals with yet. */
  async add(secretKey: string): Promise<string> {
    const taken = new Set((await this.all()).map(({ id }) => numberOfKey(id)));
    let root = RootKey.random();
    while (taken.has(numberOfKey(root.id))) root = RootKey.random();
    await this.client.query('INSERT INTO installation_keys (id, wrapped) VALUES ($1, $2)', [root.id, wrapped(RootKey.fromSecret(secretKey), root)]);
    await this.tell();
    return root.id;
  }

  /** From now on everybody seals with this one. */
  async makeCurrent(id: string): Promise<void> {
    await this.client.query('BEGIN');
    await this.client.query(`UPDATE installation_keys SET replaced_at = now(), verifies_until = now() + interval '${LINKS_LIVE}' WHERE current_since IS NOT NULL AND replaced_at IS NULL`);
    await this.client.query('UPDATE installation_keys SET current_since = now() WHERE id = $1', [id]);
    await this.tell();
    await this.client.query('COMMIT');
  }

  /** What replaced keys signed counts no longer. */
  async endLinks(): Promise<void> {
    await this.client.query('UPDATE installation_keys SET verifies_until = now() WHERE replaced_at IS NOT NULL AND verifies_until > now()');
    await this.tell();
  }

  async noteResealed(id: string): Promise<void> {
    await this.client.query('UPDATE installation_keys SET resealed_at = coalesce(resealed_at, now()) WHERE id = $1', [id]);
  }

  async remove(id: string): Promise<void> {
    await this.client.query('DELETE FROM installation_keys WHERE id = $1 AND replaced_at IS NOT NULL', [id]);
    await this.tell();
  }

  /** How many processes there are that cannot open yet, or do not seal yet, with this key. Those of a version that knows of no ring never will. */
  async behind(kind: 'open' | 'seal', id: string): Promise<number> {
    const { rows: [row] } = await this.client.query<{ n: number }>(
      `WITH held AS (SELECT pid, classid::bigint AS kind, objid::bigint AS number FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
       SELECT count(*)::int AS n FROM held m WHERE m.kind = $5 OR m.kind = $1 AND m.number = $2 AND NOT EXISTS (SELECT FROM held h WHERE h.pid = m.pid AND h.kind = $3 AND h.number = $4)`,
      [KNOWS, SOMEBODY, kind === 'open' ? KNOWS : SEALS, numberOfKey(id), VERSIONS_OF_BEFORE]);
    return row!.n;
  }

  private async tell(): Promise<void> {
    await this.client.query(`NOTIFY ${KEYS_CHANGED}`);
  }
}

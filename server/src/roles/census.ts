import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ConfigError, type Config } from '../platform/config/config.js';
import type { Log } from '../platform/logging/log.js';

/** Any constants; the second half of each lock says what the process has. */
const KINDS = { bus: 7_206_411, files: 7_206_412 } as const;
type Kind = keyof typeof KINDS;
/** A process that is just stopping may still be counted. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 250;
const RECONNECT_MS = 1_000;
const ALONE = 0;
const SHARED = 1;

/**
 * Which processes work on this database right now, and whether they fit together: each holds advisory locks that say which files and
 * which Redis it has. That they share their keys is seen to where those are read. They end with their process, however it ends.
 */
export class Census {
  private client?: pg.Client;
  private left = false;
  private constructor(private readonly config: Config, private readonly has: Record<Kind, number>, private readonly log: Log) {}

  /** Joins the others. Throws ConfigError with one line when this process does not fit with them. */
  static async join(config: Config, log: Log, patienceMs = PATIENCE_MS): Promise<Census> {
    if (!config.REDIS_URL && config.PROCESS_ROLES.length < 4) {
      throw new ConfigError('PROCESS_ROLES gives this process a part of the work only, and processes share work through Redis. Set REDIS_URL, or leave PROCESS_ROLES out.');
    }
    const census = new Census(config, { bus: config.REDIS_URL ? SHARED : ALONE, files: numberOf(await placeOfFiles(config)) }, log);
    const until = Date.now() + patienceMs;
    for (;;) {
      const complaint = await census.connect();
      if (complaint === undefined) return census;
      await census.leave();
      if (Date.now() >= until) throw new ConfigError(complaint);
      await new Promise((next) => setTimeout(next, LOOK_MS));
      census.left = false;
    }
  }

  async leave(): Promise<void> {
    this.left = true;
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<string | undefined> {
    const client = new pg.Client({ connectionString: this.config.DATABASE_URL, application_name: 'porchlight_census', keepAlive: true, connectionTimeoutMillis: 10_000 });
    client.on('error', (error) => { this.log.debug('the census lost its connection', { error: error.message }); });
    client.once('end', () => { if (!this.left) setTimeout(() => void this.rejoin(), RECONNECT_MS).unref(); });
    this.client = client;
    await client.connect();
    for (const kind of Object.keys(KINDS) as Kind[]) {
      // Who has no Redis must be the only one.
      const alone = kind === 'bus' && this.has.bus === ALONE;
      const { rows: [row] } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock${alone ? '' : '_shared'}($1, $2) AS taken`, [KINDS[kind], this.has[kind]]);
      if (!row!.taken || await this.othersDiffer(client, kind)) return COMPLAINTS[kind];
    }
    return undefined;
  }

  private async rejoin(): Promise<void> {
    if (this.left) return;
    // Too late to refuse: it has worked with the others until now. A failed connection ends and is tried again.
    const complaint = await this.connect().catch(() => undefined);
    if (complaint !== undefined) this.log.error(complaint);
  }

  private async othersDiffer(client: pg.Client, kind: Kind): Promise<boolean> {
    const { rowCount } = await client.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = $1 AND objid::bigint <> $2
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1`, [KINDS[kind], this.has[kind]]);
    return rowCount! > 0;
  }
}

const COMPLAINTS: Record<Kind, string> = {
  bus: 'Another Porchlight works on this database, and without Redis there can be one process only. Stop the other one, or set the same REDIS_URL for all. See docs/scaling.md.',
  files: 'Other processes of this installation keep their files elsewhere. Give all the same folder as DATA_DIR, or STORAGE=s3 with the same bucket. See docs/scaling.md.',
};

/** A name of the place where the files are that is the same for all who see it. */
async function placeOfFiles(config: Config): Promise<string> {
  if (config.STORAGE === 's3') return `s3 ${config.S3_ENDPOINT ?? ''} ${config.S3_BUCKET ?? ''}`;
  const folder = resolve(config.DATA_DIR);
  await mkdir(folder, { recursive: true });
  const mark = join(folder, 'folder-id');
  // The first process marks the folder; one that starts at the same moment finds the mark there.
  await writeFile(mark, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error; });
  for (;;) {
    const id = (await readFile(mark, 'utf8')).trim();
    if (id !== '') return `disk ${id}`;
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

/** 31 bits of a hash: what fits into half an advisory lock. */
const numberOf = (text: string): number => createHash('sha256').update(`census ${text}`).digest().readUInt32BE() >>> 1;

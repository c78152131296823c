import type { OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import { ConfigError, type Config } from '../config/config.js';
import type { Log } from '../logging/log.js';
import { KEYS_CHANGED, KNOWS, numberOfKey, readKeys, SEALS, SOMEBODY, takeKeys, unfinishedChange } from './installation-keys.js';
import { Keyring, type DataKey } from './keyring.js';

/** What the types of pg leave out. */
type Referable = pg.Client & { ref(): void; unref(): void };
const RECONNECT_MS = 1_000;

/**
 * Throws ConfigError when what this database keeps was sealed with another SECRET_KEY. Changes nothing; a database without our tables takes any.
 * Answers what is being changed and not done yet.
 */
export async function demandRightKey(config: Config): Promise<'secret' | 'keys' | undefined> {
  const client = await connected(config);
  try {
    return await readKeys(client, config.SECRET_KEY) && await unfinishedChange(client);
  } finally {
    await client.end();
  }
}

/**
 * The keys of this process, kept as they are in the database by a connection of their own. While it lasts it says, by advisory locks, which keys this
 * process can open with and which one it seals with: nobody seals with a new key before everybody can open what it seals.
 */
export class KeyringConnection implements OnModuleDestroy {
  readonly keyring = new Keyring();
  private client?: pg.Client;
  private held = new Set<string>();
  private left = false;
  private returning = false;
  private work: Promise<unknown> = Promise.resolve();
  private constructor(private readonly config: Config, private readonly log: Log) {
    this.keyring.onUnknownKey = () => void this.refresh();
  }

  /** Takes the keys of the database; one that has none gets its first. Throws ConfigError with one line when SECRET_KEY does not open them. */
  static async join(config: Config, log: Log): Promise<KeyringConnection> {
    const connection = new KeyringConnection(config, log);
    try {
      await connection.connect((client) => takeKeys(client, config.SECRET_KEY));
      return connection;
    } catch (error) {
      await connection.onModuleDestroy();
      throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.left = true;
    (this.client as Referable | undefined)?.ref();
    await this.client?.end().catch(() => undefined);
  }

  private async connect(read: (client: pg.Client) => Promise<readonly DataKey[] | undefined>): Promise<void> {
    const client = await connected(this.config, (lost) => { if (lost === this.client) this.comeBack(); });
    this.client = client;
    this.held.clear();
    client.on('notification', () => void this.refresh());
    // In this order: whoever adds a key either is heard, or has added it before it is read here.
    await client.query(`LISTEN ${KEYS_CHANGED}`);
    await this.hold(client, KNOWS, SOMEBODY);
    await this.inTurn(async () => this.adopt(client, await read(client)));
    // Nothing waits for it: it does not keep a process alive.
    (client as Referable).unref();
  }

  private comeBack(): void {
    if (this.left || this.returning) return;
    this.returning = true;
    setTimeout(() => {
      this.returning = false;
      void this.rejoin();
    }, RECONNECT_MS).unref();
  }

  private async rejoin(): Promise<void> {
    if (this.left) return;
    const lost = this.client;
    this.client = undefined;
    await lost?.end().catch(() => undefined);
    try {
      await this.connect((client) => readKeys(client, this.config.SECRET_KEY));
    } catch (error) {
      this.tell(error);
      this.comeBack();
    }
  }

  private async refresh(): Promise<void> {
    try {
      await this.inTurn(async () => {
        const client = this.client;
        if (client && !this.left) await this.adopt(client, await readKeys(client, this.config.SECRET_KEY));
      });
    } catch (error) {
      this.tell(error);
    }
  }

  // One after the other: what was read earlier never replaces what was read later.
  private inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.work.then(task);
    this.work = done.catch(() => undefined);
    return done;
  }

  private async adopt(client: pg.Client, keys: readonly DataKey[] | undefined): Promise<void> {
    // Without any, like while a backup is restored: what was known goes on.
    if (!keys?.length) return;
    this.keyring.replace(keys);
    await this.hold(client, SEALS, numberOfKey(this.keyring.keyId));
    for (const { root } of keys) await this.hold(client, KNOWS, numberOfKey(root.id));
    const wanted = new Set([`${KNOWS} ${SOMEBODY}`, `${SEALS} ${numberOfKey(this.keyring.keyId)}`, ...keys.map(({ root }) => `${KNOWS} ${numberOfKey(root.id)}`)]);
    for (const lock of this.held) {
      if (wanted.has(lock)) continue;
      await client.query('SELECT pg_advisory_unlock_shared($1, $2)', lock.split(' ').map(Number));
      this.held.delete(lock);
    }
  }

  private async hold(client: pg.Client, kind: number, number: number): Promise<void> {
    const lock = `${kind} ${number}`;
    if (this.held.has(lock)) return;
    await client.query('SELECT pg_advisory_lock_shared($1, $2)', [kind, number]);
    this.held.add(lock);
  }

  // The process goes on with the keys it has: they still open everything there was when it read them.
  private tell(error: unknown): void {
    if (this.left) return;
    if (error instanceof ConfigError) this.log.error('the keys cannot be read again; restart this process with the SECRET_KEY of now', { error: error.message });
    else this.log.debug('the connection for the keys was lost', { error: (error as Error).message });
  }
}

async function connected(config: Config, ended?: (client: pg.Client) => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: config.DATABASE_URL, application_name: 'porchlight_keys', keepAlive: true, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // the statement that runs says it
  client.once('end', () => ended?.(client));
  await client.connect();
  return client;
}

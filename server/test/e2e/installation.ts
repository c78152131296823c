import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../scripts/lib/ports.mjs';
import { eventually } from '../http.js';
import { testDatabase, type TestDatabase } from '../test-database.js';

const MAIN = join(dirname(fileURLToPath(import.meta.url)), '../../dist/server/src/main.js');

/** The built server as people run it: a process of its own that can be killed and started again on the same data. */
export class Installation {
  private child?: ChildProcess;
  private output = '';

  private constructor(readonly port: number, readonly database: TestDatabase, private readonly folder: string) {}

  /** An empty installation, running. */
  static async start(): Promise<Installation> {
    if (!existsSync(MAIN)) throw new Error('The server is not built; run tests through npm test.');
    const installation = new Installation(await freePort(), await testDatabase(), mkdtempSync(join(tmpdir(), 'porchlight-e2e-')));
    // Nobody else would end it, and it would keep this machine busy for the tests that come after.
    await installation.up().catch(async (error: unknown) => { await installation.remove(); throw error; });
    return installation;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process and waits until it is of use. */
  async up(tries = 5): Promise<void> {
    const before = this.output.length;
    this.child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'], NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(this.port), PUBLIC_URL: this.url, DATABASE_URL: this.database.url,
        SECRET_KEY: 'end-to-end-secret-key-of-thirty-two', DATA_DIR: this.folder, LOG_LEVEL: 'warn', UPLOAD_KEEP_FREE_MB: '0', ALLOW_UNSAFE_POSTGRES: '1', OUTBOUND_ALLOW: '127.0.0.1', BACKUP_TO: 'off',
      },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    await eventually('the server is ready', async () => {
      if (this.child!.exitCode !== null) return true;
      return (await fetch(`${this.url}/ready`).catch(() => undefined))?.ok;
    }, 120_000);
    if (this.child.exitCode === null) return;
    // Where a port is given away to connections going out although it is ours, it is free again soon.
    if (tries > 1 && this.output.slice(before).includes('EADDRINUSE')) return this.up(tries - 1);
    throw new Error(`The server ended: ${this.output.slice(-2000)}`);
  }

  /** Ends the process without a word, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.child!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** The one-time link for the first administrator, as printed at start. */
  setupLink(): Promise<string> {
    return eventually('the setup link is printed', () => /https?:\/\/\S+\/app\/setup\?token=\S+/.exec(this.output)?.[0]);
  }

  async remove(): Promise<void> {
    await this.kill();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../scripts/lib/ports.mjs';
import { onRedis } from './run-backend.js';

/** Whether tests can start a Redis of their own: where its program is installed. */
export const hasRedis = (): boolean => binary !== undefined;
const binary = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/bin', '/usr/local/bin').map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));

/** Whether tests start a Redis of their own, to break it: in the run with Redis, where its program is installed. */
export const breaksRedis = onRedis && binary !== undefined;

/** A Redis of one test, that it may wipe, stop and start again on the same port. */
export class RedisServer {
  private process?: ChildProcess;
  private constructor(readonly port: number, private readonly folder: string, private readonly settings: string[]) {}

  /** With further settings of redis-server: `['--appendonly', 'yes']`. */
  static async start(settings: string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'porchlight-redis-')), settings);
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    this.process = spawn(binary!, ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.folder, ...this.settings], { stdio: 'ignore' });
    await this.ask((redis) => redis.ping());
  }

  /** Ends it as a crash does; nothing was written to disk. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.process?.once('exit', resolve));
    this.process?.kill('SIGKILL');
    await ended;
  }

  async wipe(): Promise<void> {
    await this.ask((redis) => redis.flushall());
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(work: (redis: Redis) => Promise<unknown>): Promise<void> {
    const redis = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: 200 });
    redis.on('error', () => undefined);
    await work(redis).finally(() => redis.disconnect());
  }
}

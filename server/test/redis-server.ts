import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';

const binary = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/bin', '/usr/local/bin').map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));

/** Whether tests can start a Redis of their own here. */
export const redisAvailable = binary !== undefined;

/** A Redis of one test, that it may wipe, stop and start again on the same port. */
export class RedisServer {
  private process?: ChildProcess;
  private constructor(readonly port: number, private readonly folder: string) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'porchlight-redis-')));
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    this.process = spawn(binary!, ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.folder], { stdio: 'ignore' });
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

let shared: RedisServer | undefined;

export interface Backend { name: string; settings(): Promise<Record<string, string>> }

/** The two ways to run, for `describe.each`: without Redis, and with TEST_REDIS_URL or a Redis of our own where one is installed. */
export const backends: Backend[] = [
  { name: 'postgres', settings: async () => ({}) },
  ...(process.env['TEST_REDIS_URL'] || redisAvailable ? [{ name: 'redis', settings: redisSettings }] : []),
];

async function redisSettings(): Promise<Record<string, string>> {
  const url = process.env['TEST_REDIS_URL'] ?? (shared ??= await RedisServer.start()).url;
  return { REDIS_URL: url, REDIS_PREFIX: `t${randomBytes(6).toString('hex')}` };
}

/** Stops what `backends` started. Call it in afterAll of a file that uses them. */
export async function stopBackends(): Promise<void> {
  await shared?.stop();
  shared = undefined;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

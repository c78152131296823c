import { transformSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PORT_IN_USE } from './exit-codes.js';
import { backendSettings } from './run-backend.js';

const SERVER = join(dirname(fileURLToPath(import.meta.url)), '..');
const SPEC = /\.(spec|int-spec|e2e-spec)\.ts$/;

/** Files of the server and its test support, without tests. */
function sources(folder: string): string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : path.endsWith('.ts') && !SPEC.test(path) ? [path] : [];
  });
}

/** Translates the server for a plain Node process, once per state of the sources; without source maps, which each of the many starts would read. Answers the file to start. */
function built(): string {
  const files = [...sources(join(SERVER, 'src')), ...sources(join(SERVER, 'test'))];
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  const target = join(SERVER, 'dist', `test-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(target)) {
    const half = `${target}-${process.pid}`;
    for (const file of files) {
      const { code } = transformSync(readFileSync(file, 'utf8'), {
        filename: file, swcrc: false, module: { type: 'es6' },
        jsc: { target: 'es2022', keepClassNames: true, parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false } },
      });
      const out = join(half, relative(SERVER, file)).replace(/\.ts$/, '.js');
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, code);
    }
    // Another worker may have been faster.
    try { renameSync(half, target); } catch { rmSync(half, { recursive: true, force: true }); }
    for (const old of readdirSync(dirname(target))) if (/^test-[0-9a-f]{12}$/.test(old) && !target.endsWith(old) && statSync(join(dirname(target), old)).mtimeMs < Date.now() - 3_600_000) rmSync(join(dirname(target), old), { recursive: true, force: true });
  }
  return join(target, 'test', 'child-main.js');
}

class PortInUse extends Error {}

/** The application in a process of its own, that a test may kill. */
export class ChildServer {
  url = '';
  private readonly ended: Promise<void>;
  private constructor(private readonly child: ChildProcess, private readonly folder: string) {
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  static async start(databaseUrl: string, settings: Record<string, string> = {}): Promise<ChildServer> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await ChildServer.once(databaseUrl, settings);
      } catch (error) {
        // Where a port is given away to connections going out although it is ours, it is free again soon.
        if (!(error instanceof PortInUse) || tries === 5) throw error;
      }
    }
  }

  private static async once(databaseUrl: string, settings: Record<string, string>): Promise<ChildServer> {
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-child-'));
    const child = spawn(process.execPath, [built()], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'], NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', DATABASE_URL: databaseUrl, DATABASE_POOL: '6', SECRET_KEY: 'test-secret-key-test-secret-key-1234', DATA_DIR: folder,
        LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent', ALLOW_UNSAFE_POSTGRES: '1', OUTBOUND_ALLOW: '127.0.0.1', BACKUP_TO: 'off', UPLOAD_KEEP_FREE_MB: '0',
        ...backendSettings(databaseUrl), ...settings,
      },
    });
    const server = new ChildServer(child, folder);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(code === PORT_IN_USE ? new PortInUse(`Port ${settings['PORT']} is in use.`) : new Error(`The child ended with ${code}.`)));
      createInterface(child.stdout!).on('line', (line) => {
        if (!line.startsWith('listening ')) return;
        server.url = line.slice('listening '.length);
        resolve();
      });
    });
    return server;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it without a word, as the kernel does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks it to stop; answers the milliseconds it took. */
  async stop(): Promise<number> {
    const asked = Date.now();
    this.child.kill('SIGTERM');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    return Date.now() - asked;
  }
}

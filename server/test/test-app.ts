import 'reflect-metadata';
import type { ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../src/platform/clock/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Log } from '../src/platform/logging/log.js';
import { assemble } from '../src/roles/start.js';
import { backendSettings } from './run-backend.js';
import { testDatabase, type TestDatabase } from './test-database.js';

export interface TestApp {
  /** http://127.0.0.1:<port> */
  url: string;
  app: NestFastifyApplication;
  clock: Clock;
  database: TestDatabase;
  /** Stops the process; keeps the database. */
  stop(): Promise<void>;
  /** Stops the process and drops its database. */
  close(): Promise<void>;
}

/** For tests that start repeated jobs themselves: nothing else starts them, so none runs beside the test's own and does half of its work. */
export const WITHOUT_SCHEDULE = { PROCESS_ROLES: 'api,realtime,worker' };

/** Starts the real application on a database of its own (or the given one). Extra settings overrule the environment; extra modules carry a test's own subscribers. */
export async function startTestApp(settings: Record<string, string> = {}, database?: TestDatabase, more: NonNullable<ModuleMetadata['imports']> = []): Promise<TestApp> {
  const own = database ?? await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-data-'));
  const config = readConfig({
    NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', DATABASE_URL: own.url, DATABASE_POOL: '6', SECRET_KEY: 'test-secret-key-test-secret-key-1234',
    DATA_DIR: folder, LOG_LEVEL: process.env['TEST_LOG'] ?? 'error', ALLOW_UNSAFE_POSTGRES: '1', OUTBOUND_ALLOW: '127.0.0.1', BACKUP_TO: 'off', UPLOAD_KEEP_FREE_MB: '0', WORKER_IMPORT: process.env['WORKER_IMPORT'],
    ...backendSettings(own.url), ...settings,
  });
  const clock = new Clock();
  const app = await assemble(config, Log.at(config.LOG_LEVEL), clock, more);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const stop = async (): Promise<void> => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${port}`, app, clock, database: own, stop, close: async () => { await stop(); await own.drop(); } };
}

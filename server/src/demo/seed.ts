import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { Clock } from '../platform/clock/clock.js';
import { readConfig } from '../platform/config/config.js';
import { Log } from '../platform/logging/log.js';
import { FillDemo } from './fill-demo.service.js';

// Run by `npm start -- --demo`: prints one JSON line with how to sign in, or nothing when the database is not empty.
try {
  const config = readConfig({ ...process.env, PROCESS_ROLES: 'api' }); // eslint-disable-line no-restricted-properties -- a program's own start, as main.ts
  const log = Log.at('error');
  const app = await NestFactory.createApplicationContext(AppModule.with(config, log, new Clock()), { logger: log.forNest(), abortOnError: false });
  const signIn = await app.get(FillDemo, { strict: false }).run();
  if (signIn) process.stdout.write(`${JSON.stringify(signIn)}\n`);
  await app.close();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  // The application is still open, and would keep the process for ever.
  process.exit(1);
}

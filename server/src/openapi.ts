import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { Clock } from './platform/clock/clock.js';
import { readConfig } from './platform/config/config.js';
import { Log } from './platform/logging/log.js';
import { apiDocument } from './roles/api-document.js';

// Prints the API document. Preview mode reads the modules without making their providers, so it needs no database.
try {
  const config = readConfig({ DATABASE_URL: 'postgres://none', SECRET_KEY: 'only for describing the routes, never used' });
  const log = Log.at('silent');
  const app = await NestFactory.create(AppModule.with(config, log, new Clock()), new FastifyAdapter() as never, { preview: true, abortOnError: false, logger: false });
  process.stdout.write(`${JSON.stringify(apiDocument(app), undefined, 2)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}

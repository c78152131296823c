import type { ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { refuseUndeclaredRoutes } from '../identity/access/declared-access.check.js';
import { Clock } from '../platform/clock/clock.js';
import type { Config } from '../platform/config/config.js';
import { createApp } from '../platform/http/create-app.js';
import { answerPutLikePatch } from '../platform/http/put-like-patch.js';
import { Log } from '../platform/logging/log.js';
import { ApiDocument } from './openapi.controller.js';

/** Builds one process with the roles of its configuration, and modules of an embedder if any, ready to listen. Throws when the assembly is wrong. */
export async function assemble(config: Config, log: Log, clock: Clock, more: NonNullable<ModuleMetadata['imports']> = []): Promise<NestFastifyApplication> {
  const app = await createApp(AppModule.with(config, log, clock, more), config, log);
  await app.init();
  answerPutLikePatch(app.getHttpAdapter().getInstance());
  refuseUndeclaredRoutes(app);
  app.get(ApiDocument).describes(app);
  return app;
}

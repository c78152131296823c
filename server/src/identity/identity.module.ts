import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { AccessRepository } from './access/access.repository.js';
import { Authenticator } from './access/authenticator.service.js';

/** Who is asking and what they may do. */
@Global()
@Module({
  providers: [Authenticator, AccessRepository, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [Authenticator],
})
export class IdentityModule {}

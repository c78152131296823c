import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { AccessRepository } from './access/access.repository.js';
import { Authenticator } from './access/authenticator.service.js';
import { MfaRepository } from './mfa/mfa.repository.js';
import { SecondFactor } from './mfa/second-factor.service.js';
import { OneTimeTokens } from './one-time-tokens/one-time-tokens.service.js';
import { ProfileController } from './profile/profile.controller.js';
import { Profile } from './profile/profile.service.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionRevocations } from './sessions/session-revocations.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { Sessions } from './sessions/sessions.service.js';
import { SessionDoor } from './sign-in/session-door.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { Throttles } from './throttles/throttles.service.js';
import { PeoplePresence } from './users/people-presence.js';
import { UserPresenter } from './users/user.presenter.js';
import { UserRepository } from './users/user.repository.js';
import './users/user.events.js';

/** Who is asking and what they may do. */
@Global()
@Module({
  controllers: [SignInController, SessionsController, ProfileController],
  providers: [
    Authenticator, AccessRepository, Throttles, OneTimeTokens, SignIn, SessionDoor, Sessions, SessionRepository, SessionRevocations,
    SecondFactor, MfaRepository, Profile, UserPresenter, UserRepository, PeoplePresence, { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Authenticator, Sessions, SessionRevocations, Throttles, PeoplePresence],
})
export class IdentityModule {}

import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { AccessRepository } from './access/access.repository.js';
import { SuperAdministrators } from './access/super-administrators.repository.js';
import { Authenticator } from './access/authenticator.service.js';
import { PubsubTokens } from './access/pubsub-tokens.js';
import { Machines } from './access/machines.service.js';
import { AccountRepository } from './accounts/account.repository.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AgentPresenter } from './agents/agent.presenter.js';
import { AgentRepository } from './agents/agent.repository.js';
import { AgentsController } from './agents/agents.controller.js';
import { Agents } from './agents/agents.service.js';
import { ApiTokens } from './api-tokens/api-tokens.repository.js';
import { AuditLogController } from './audit-log/audit-log.controller.js';
import { AuditLog } from './audit-log/audit-log.repository.js';
import { ForgetAuditLog } from './audit-log/forget-audit-log.job.js';
import { InstallationController } from './installation/installation.controller.js';
import { InstallationRepository } from './installation/installation.repository.js';
import { Installations } from './installation/installation.service.js';
import { AcceptInvitations } from './invitations/accept-invitation.service.js';
import { FreshStart } from './invitations/fresh-start.service.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { Invitations } from './invitations/invitations.service.js';
import { PendingMembers } from './invitations/pending-members.repository.js';
import { KeepIdentityTables } from './keep-identity-tables.job.js';
import { InvitationMail } from './mails/invitation-mail.subscriber.js';
import { MailLinks } from './mails/mail-links.service.js';
import { PasswordResetMail } from './mails/password-reset-mail.subscriber.js';
import { MfaController } from './mfa/mfa.controller.js';
import { MfaRepository } from './mfa/mfa.repository.js';
import { Mfa } from './mfa/mfa.service.js';
import { SecondFactor } from './mfa/second-factor.service.js';
import { OneTimeTokens } from './one-time-tokens/one-time-tokens.repository.js';
import { PasswordResetController } from './password-reset/password-reset.controller.js';
import { PasswordReset } from './password-reset/password-reset.service.js';
import { CurrentPassword } from './passwords/current-password.service.js';
import { ProofController } from './proof/proof.controller.js';
import { Prove } from './proof/prove.service.js';
import { ProfileController } from './profile/profile.controller.js';
import { Profile } from './profile/profile.service.js';
import { ScopedTokensController } from './scoped-tokens/scoped-tokens.controller.js';
import { ScopedTokens } from './scoped-tokens/scoped-tokens.repository.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionRevocations } from './sessions/session-revocations.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { Sessions } from './sessions/sessions.service.js';
import { KnownDevices } from './sign-in/known-devices.service.js';
import { SessionDoor } from './sign-in/session-door.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { ThrottleRepository } from '../platform/throttles/throttle.repository.js';
import { Throttles } from './throttles/throttles.service.js';
import { PeoplePresence } from './users/people-presence.js';
import { UserPresenter } from './users/user.presenter.js';
import { UserRepository } from './users/user.repository.js';
import './users/user.events.js';

/** Who is asking and what they may do. */
@Global()
@Module({
  controllers: [
    SignInController, PasswordResetController, InvitationsController, InstallationController,
    ProfileController, ProofController, SessionsController, MfaController, AccountsController, AgentsController, ScopedTokensController, AuditLogController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard }, Authenticator, PubsubTokens, Machines, AccessRepository, SuperAdministrators,
    SignIn, SessionDoor, KnownDevices, Sessions, SessionRepository, SessionRevocations, Throttles, ThrottleRepository, OneTimeTokens, CurrentPassword, Prove, PasswordReset,
    Mfa, MfaRepository, SecondFactor, ApiTokens, ScopedTokens, AuditLog, ForgetAuditLog, Profile, UserPresenter, UserRepository, PeoplePresence,
    AccountRepository, Agents, AgentRepository, AgentPresenter, Invitations, AcceptInvitations, PendingMembers, FreshStart, Installations, InstallationRepository,
    MailLinks, InvitationMail, PasswordResetMail, KeepIdentityTables,
  ],
  exports: [
    Authenticator, PubsubTokens, SuperAdministrators, Sessions, SessionRevocations, Throttles, PeoplePresence, AgentRepository, AgentPresenter, UserRepository,
    Installations, InstallationRepository, OneTimeTokens, Mfa, SecondFactor, ApiTokens, AuditLog, UserPresenter, AccountRepository,
  ],
})
export class IdentityModule {}

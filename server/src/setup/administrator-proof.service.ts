import { Injectable } from '@nestjs/common';
import { SecondFactor } from '../identity/mfa/second-factor.service.js';
import { UserRepository } from '../identity/users/user.repository.js';
import type { Asking } from './asking.js';
import { SetupError } from './setup.errors.js';

const ADMINISTRATOR = 1;

/** Whoever can run a command holds the server already; the second factor keeps a stolen shell or a slip from being enough. */
@Injectable()
export class AdministratorProof {
  constructor(private readonly users: UserRepository, private readonly factors: SecondFactor) {}

  /** Demands an administrator of any account and a fresh code of theirs (or a recovery code), and answers who it is. Throws SetupError. */
  async demand(asking: Asking): Promise<number> {
    const email = (await asking.for({ option: 'as', ask: 'Your address (an administrator)' })).toLowerCase();
    const given = asking.has('recovery-code')
      ? { backupCode: await asking.for({ option: 'recovery-code', ask: 'Recovery code' }) }
      : { otpCode: await asking.for({ option: 'otp', ask: 'Six-digit code of your authenticator app' }) };
    const credentials = await this.users.credentialsByEmail(email);
    const user = credentials && await this.users.withMemberships(credentials.user_id);
    if (!user?.memberships.some((membership) => membership.role === ADMINISTRATOR)) throw new SetupError(`${email} is not an administrator here.`);
    if (user.mfa_enabled_at === null) throw new SetupError(`${email} has no two-factor authentication yet. Set it up in the dashboard first.`);
    if (!await this.factors.use(user.id, given, async () => undefined)) throw new SetupError('This code is not right, or it was used before. Wait for the next one.');
    return user.id;
  }
}

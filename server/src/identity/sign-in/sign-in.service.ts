import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { networkOf } from '../../platform/http/network-of.js';
import { Problem } from '../../platform/http/problem.js';
import { SecondFactor, type GivenFactor } from '../mfa/second-factor.service.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { passwordMatches } from '../passwords/password-hash.js';
import { SIGN_IN_BY_ADDRESS, SIGN_IN_BY_PERSON, SIGN_IN_BY_PERSON_AND_ADDRESS, SIGN_IN_PACE } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { UserRepository } from '../users/user.repository.js';
import { KnownDevices } from './known-devices.service.js';

/** Either somebody is through, or a second factor is due. */
export type SignInOutcome = { userId: number } | { mfaToken: string };

const refused = (message: string): Problem => new Problem('unauthenticated', message, { body: { success: false } });
// One answer for both, or addresses could be tried out.
const wrongCredentials = (): Problem => refused('Invalid login credentials. Please try again.');
const tooLate = (): Problem => refused('This sign-in took too long. Please start again.');

/** Proves who somebody is, in one step or two. */
@Injectable()
export class SignIn {
  constructor(
    private readonly users: UserRepository, private readonly throttles: Throttles, private readonly tokens: OneTimeTokens,
    private readonly factors: SecondFactor, private readonly system: SystemWork, private readonly devices: KnownDevices,
  ) {}

  /** First step. Throws 401 without telling what was wrong, 429 after too many wrong tries. */
  async withPassword(email: string, password: string, address: string, device?: string): Promise<SignInOutcome> {
    const here = `${email} ${networkOf(address)}`;
    await this.throttles.take(SIGN_IN_BY_ADDRESS, networkOf(address));
    await this.throttles.take(SIGN_IN_BY_PERSON_AND_ADDRESS, here);
    const found = await this.users.credentialsByEmail(email);
    // What strangers do elsewhere does not concern a device the person has used.
    if (!found || !await this.devices.knows(found.user_id, device, address)) await this.throttles.slow(SIGN_IN_BY_PERSON, SIGN_IN_PACE, email);
    const right = await passwordMatches(password, found?.password_digest);
    if (!found || !right) throw wrongCredentials();
    await this.throttles.giveBack(SIGN_IN_BY_ADDRESS, networkOf(address));
    await this.throttles.clear(SIGN_IN_BY_PERSON_AND_ADDRESS, here);
    await this.throttles.clear(SIGN_IN_BY_PERSON, email);
    return this.next(found.user_id, found.mfa_enabled);
  }

  /** The same with a link's token in place of the password. It works once. */
  async withLink(email: string, token: string, address: string): Promise<SignInOutcome> {
    await this.throttles.take(SIGN_IN_BY_ADDRESS, networkOf(address));
    const found = await this.users.credentialsByEmail(email);
    const link = await this.tokens.find('sso_sign_in', token);
    if (!found || link?.user_id !== found.user_id || !await this.system.run((tx) => this.tokens.use(tx, 'sso_sign_in', token))) throw wrongCredentials();
    await this.throttles.giveBack(SIGN_IN_BY_ADDRESS, networkOf(address));
    return this.next(found.user_id, found.mfa_enabled);
  }

  /** What follows a right password: through, or the second factor. */
  async next(userId: number, mfaEnabled: boolean): Promise<SignInOutcome> {
    if (!mfaEnabled) return { userId };
    return { mfaToken: await this.system.run((tx) => this.tokens.issue(tx, 'mfa_sign_in', { userId })) };
  }

  /** Second step. Throws 401 for a stale token or a wrong or used code. */
  async withSecondFactor(mfaToken: string, given: GivenFactor): Promise<{ userId: number }> {
    const half = await this.tokens.find('mfa_sign_in', mfaToken);
    if (!half?.user_id) throw tooLate();
    const userId = half.user_id;
    const done = await this.factors.use(userId, given, async (tx) => {
      if (!await this.tokens.use(tx, 'mfa_sign_in', mfaToken)) throw tooLate();
    });
    if (!done) throw refused('This code is not right, or it was used before.');
    return { userId };
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { Statements } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound, unprocessable } from '../../platform/http/problem.js';
import { CurrentPassword } from '../passwords/current-password.service.js';
import { CODES_BY_PERSON } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { MfaRepository, type MfaRow } from './mfa.repository.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-code.js';
import { SecondFactor, totpContext, type GivenFactor } from './second-factor.service.js';
import { matchingStep, newTotpSecret, provisioningUrl } from './totp.js';

/** What somebody scans or types into their authenticator app. */
export interface Enrolment { provisioning_url: string; secret: string; qr_svg: string }

const wrongCode = () => invalid('otp_code', 'This code is not right, or it was used before.');

/** Turns a person's second factor on and off. */
@Injectable()
export class Mfa {
  constructor(
    private readonly repository: MfaRepository, private readonly factors: SecondFactor, private readonly throttles: Throttles, private readonly currentPassword: CurrentPassword,
    private readonly system: SystemWork, private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  async state(userId: number): Promise<{ enabled: boolean; backup_codes_left: number }> {
    const row = await this.found(userId);
    return { enabled: row.enabled, backup_codes_left: row.codes_left };
  }

  /** Makes a secret that counts once a code of it was shown. Throws when MFA is on: a stolen session must not be able to replace it. */
  async start(userId: number): Promise<Enrolment> {
    const row = await this.found(userId);
    if (row.enabled) throw unprocessable('Two-factor authentication is on already. Turn it off first.');
    const secret = newTotpSecret();
    await this.repository.setPending(this.system, userId, this.keyring.seal(secret, totpContext(userId)));
    const url = provisioningUrl(row.email, secret);
    const { default: qrcode } = await import('qrcode');
    return { provisioning_url: url, secret, qr_svg: await qrcode.toString(url, { type: 'svg', margin: 1 }) };
  }

  /** Turns MFA on with the first code, and answers the recovery codes, readable now only. */
  async enable(userId: number, code: string): Promise<string[]> {
    await this.throttles.take(CODES_BY_PERSON, String(userId));
    const row = await this.found(userId);
    if (row.enabled || row.mfa_pending_secret === null) throw unprocessable('Start setting up two-factor authentication first.');
    const secret = this.keyring.open(row.mfa_pending_secret, totpContext(userId));
    const step = matchingStep(secret, code, this.clock.now());
    if (step === undefined) throw wrongCode();
    const codes = await this.system.run(async (tx) => {
      // It may have been sealed again meanwhile: what counts is that it is the same secret.
      const sealed = await this.repository.lockPending(tx, userId);
      if (sealed === null || this.keyring.open(sealed, totpContext(userId)) !== secret || !await this.repository.enable(tx, userId, sealed, step, this.clock.date())) throw wrongCode();
      return this.newCodes(tx, userId);
    });
    await this.throttles.clear(CODES_BY_PERSON, String(userId));
    return codes;
  }

  /** A second factor from the start, for accounts made by a program. Nothing is proved by a code. */
  async enrol(tx: Statements, userId: number): Promise<{ secret: string; recoveryCodes: string[] }> {
    const secret = newTotpSecret();
    const sealed = this.keyring.seal(secret, totpContext(userId));
    await this.repository.setPending(tx, userId, sealed);
    await this.repository.enable(tx, userId, sealed, 0, this.clock.date());
    return { secret, recoveryCodes: await this.newCodes(tx, userId) };
  }

  async disable(userId: number, password: string | undefined, given: GivenFactor): Promise<void> {
    await this.currentPassword.demand(userId, password, 'password');
    if (!await this.factors.use(userId, given, (tx) => this.repository.disable(tx, userId))) throw wrongCode();
  }

  async renewCodes(userId: number, code: string): Promise<string[]> {
    const done = await this.factors.use(userId, { otpCode: code }, (tx) => this.newCodes(tx, userId));
    if (!done) throw wrongCode();
    return done.result;
  }

  /** Takes a lost second factor away. The person has to set up a new one. */
  async reset(tx: Statements, userId: number): Promise<void> {
    await this.repository.disable(tx, userId);
  }

  private async newCodes(tx: Statements, userId: number): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.repository.replaceRecoveryCodes(tx, userId, codes.map((code) => recoveryCodeHash(this.keyring, userId, code)), this.keyring.keyId);
    return codes;
  }

  private async found(userId: number): Promise<MfaRow> {
    const row = await this.repository.find(userId);
    if (!row) throw notFound();
    return row;
  }
}

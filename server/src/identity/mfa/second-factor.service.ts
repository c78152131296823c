import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { CODES_BY_PERSON } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { MfaRepository } from './mfa.repository.js';
import { recoveryCodeHashes } from './recovery-code.js';
import { matchingStep } from './totp.js';

/** What somebody shows as a second factor. */
export interface GivenFactor { otpCode?: string; backupCode?: string }

/** Seals a person's TOTP secret to that person: copied into another row it does not open. */
export const totpContext = (userId: number): string => `user_credentials:mfa_secret:${userId}`;

export const TOTP_SECRETS: readonly SealedColumn[] = ['mfa_secret', 'mfa_pending_secret'].map((column) => (
  { table: 'user_credentials', column, row: ['user_id'], context: (row) => totpContext(Number(row['user_id'])) }));

/** Judges second factors. Each code works once, and five wrong ones stop a person for a quarter of an hour. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly repository: MfaRepository, private readonly throttles: Throttles, private readonly system: SystemWork,
    private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  /**
   * Uses the factor up and does the work in one transaction. Undefined when the factor is wrong or was used before;
   * throws 429 after too many wrong ones. If the work throws, the factor stays usable.
   */
  async use<T>(userId: number, given: GivenFactor, work: (tx: SystemTx) => Promise<T>): Promise<{ result: T } | undefined> {
    await this.throttles.take(CODES_BY_PERSON, String(userId));
    // Everything that needs a connection of its own comes before the transaction, or parallel calls would starve the pool.
    const spend = await this.recognise(userId, given);
    const done = spend && await this.system.run(async (tx) => (await spend(tx) ? { result: await work(tx) } : undefined));
    if (done) await this.throttles.clear(CODES_BY_PERSON, String(userId));
    return done;
  }

  /** How to spend this factor, or undefined when it is plainly wrong. */
  private async recognise(userId: number, given: GivenFactor): Promise<((tx: SystemTx) => Promise<boolean>) | undefined> {
    if (given.otpCode === undefined) {
      if (given.backupCode === undefined) return undefined;
      const hashes = recoveryCodeHashes(this.keyring, userId, given.backupCode);
      return (tx) => this.repository.useRecoveryCode(tx, userId, hashes, this.clock.date());
    }
    const sealed = (await this.repository.find(userId))?.mfa_secret;
    if (!sealed) return undefined;
    const step = matchingStep(this.keyring.open(sealed, totpContext(userId)), given.otpCode, this.clock.now());
    return step === undefined ? undefined : (tx) => this.repository.useStep(tx, userId, step);
  }
}

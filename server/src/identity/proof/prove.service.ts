import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, unprocessable } from '../../platform/http/problem.js';
import type { Principal } from '../access/principal.js';
import { MfaRepository } from '../mfa/mfa.repository.js';
import { SecondFactor } from '../mfa/second-factor.service.js';
import { CurrentPassword } from '../passwords/current-password.service.js';
import { SessionRepository } from '../sessions/session.repository.js';
import type { GivenProof } from './proof.dto.js';

/** Takes the proof of somebody whose session is open already. */
@Injectable()
export class Prove {
  constructor(
    private readonly passwords: CurrentPassword, private readonly factors: SecondFactor, private readonly mfa: MfaRepository, private readonly sessions: SessionRepository,
    private readonly system: SystemWork, private readonly clock: Clock,
  ) {}

  /** Asks for all that signing in asks for. Throws 422 naming what is wrong, 429 after too many wrong ones. */
  async prove({ userId, sessionId }: Principal, given: GivenProof): Promise<void> {
    if (sessionId === undefined) throw unprocessable('A token needs no proof, and has no session that could keep one.');
    await this.passwords.demand(userId, given.password, 'password');
    const note = (tx: Parameters<SessionRepository['prove']>[0]) => this.sessions.prove(tx, sessionId, this.clock.date());
    if (!(await this.mfa.find(userId))?.enabled) return this.system.run(note);
    if (!await this.factors.use(userId, { otpCode: given.otp_code, backupCode: given.backup_code }, note)) {
      throw invalid(given.backup_code === undefined ? 'otp_code' : 'backup_code', 'This code is not right, or it was used before.');
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Problem } from '../../platform/http/problem.js';
import { CODES_BY_PERSON } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { UserRepository } from '../users/user.repository.js';
import { passwordMatches } from './password-hash.js';

/** Asks a signed-in person for their password again before something that could lock them out. */
@Injectable()
export class CurrentPassword {
  constructor(private readonly users: UserRepository, private readonly throttles: Throttles) {}

  /** Throws 422 unless it is this person's password; 429 after too many wrong ones. The field is the one to show the message at. */
  async demand(userId: number, given: string | undefined, field = 'current_password'): Promise<void> {
    const wrong = new Problem('unprocessable', 'The current password is not right.', { body: { attributes: [field], error_code: 'password_wrong' } });
    if (given === undefined) throw wrong;
    await this.throttles.take(CODES_BY_PERSON, String(userId));
    const credentials = await this.users.credentials(userId);
    if (!await passwordMatches(given, credentials?.password_digest)) throw wrong;
    await this.throttles.giveBack(CODES_BY_PERSON, String(userId));
  }
}

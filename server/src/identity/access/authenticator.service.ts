import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { tokenHash } from '../../platform/crypto/keyring.js';
import type { AccountId } from '../../platform/database/account-id.js';
import { Problem } from '../../platform/http/problem.js';
import { AccessRepository } from './access.repository.js';
import type { Principal, Role } from './principal.js';

/** Finds out who is asking, from the proofs a request carries. */
@Injectable()
export class Authenticator {
  constructor(private readonly repository: AccessRepository) {}

  /** The person behind the request, or undefined when it carries no proof. Throws when a proof is given and wrong. */
  async authenticate(request: FastifyRequest): Promise<Principal | undefined> {
    const token = request.headers['api_access_token'];
    if (typeof token === 'string' && token !== '') {
      const userId = await this.repository.userOfApiToken(tokenHash(token));
      if (userId === undefined) throw new Problem('not_permitted', 'Invalid Access Token');
      return { kind: 'user', userId, proof: 'api_access_token' };
    }
    return undefined;
  }

  /** Throws when this person must set up MFA before anything else. */
  async demandMfa(_principal: Principal): Promise<void> {}

  async membership(userId: number, account: AccountId): Promise<{ role: Role } | 'no_such_account' | 'not_a_member'> {
    const row = await this.repository.membership(userId, account);
    if (!row) return 'no_such_account';
    if (row.role === null || row.status !== 0) return 'not_a_member';
    return { role: row.role === 1 ? 'administrator' : 'agent' };
  }
}

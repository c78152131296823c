import { Injectable } from '@nestjs/common';
import type { SystemTx } from '../../platform/database/transaction.js';
import { ApiTokens } from '../api-tokens/api-tokens.repository.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { Sessions } from '../sessions/sessions.service.js';

/**
 * Takes a person out of the hands of whoever held them before their address was proved: sessions, tokens and shown links end.
 * The second factor stays: a mailbox alone must never take it away.
 */
@Injectable()
export class FreshStart {
  constructor(private readonly sessions: Sessions, private readonly apiTokens: ApiTokens, private readonly tokens: OneTimeTokens) {}

  async of(tx: SystemTx, userId: number): Promise<void> {
    await this.sessions.endOthers(tx, userId);
    await this.apiTokens.deleteAll(tx, userId);
    await this.tokens.discardShown(tx, userId);
  }
}

import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { tokenHash } from '../../platform/crypto/keyring.js';
import type { AccountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { notFound, Problem } from '../../platform/http/problem.js';
import { MACHINE_PREFIXES, type MachineKind } from '../api-tokens/api-tokens.repository.js';

/** A bot as its token names it; without an account it serves all that have let it in. */
export interface BotPrincipal { id: number; accountId: number | null }

/** Programs that act in their own name. */
@Injectable()
export class Machines {
  constructor(private readonly system: SystemWork) {}

  isBot(request: FastifyRequest): boolean {
    return this.tokenOf(request)?.startsWith(MACHINE_PREFIXES.AgentBot) ?? false;
  }

  /** Throws 401 when the token is no bot's. */
  async bot(request: FastifyRequest): Promise<BotPrincipal> {
    const id = await this.ownerOf(request, 'AgentBot');
    const [row] = await this.system.sql<{ id: number; account_id: number | null }>('SELECT id, account_id FROM agent_bots WHERE id = $1', [id]);
    if (!row) throw new Problem('not_permitted', 'Invalid Access Token');
    return { id: row.id, accountId: row.account_id };
  }

  /** Throws 401 when the token is no platform app's. */
  platformApp(request: FastifyRequest): Promise<number> {
    return this.ownerOf(request, 'PlatformApp');
  }

  /** Its own account, or one that has put it into an inbox or given it a conversation. Throws 404 when there is no such account. */
  async servesAccount(bot: BotPrincipal, account: AccountId): Promise<boolean> {
    const [row] = await this.system.sql<{ status: number; attached: boolean }>(
      `SELECT status, EXISTS (SELECT FROM inboxes i WHERE i.account_id = a.id AND i.agent_bot_id = $2 AND i.deleted_at IS NULL)
         OR EXISTS (SELECT FROM conversations c WHERE c.account_id = a.id AND c.status = 2 AND c.agent_bot_id = $2) AS attached FROM accounts a WHERE id = $1`, [account, bot.id]);
    if (!row) throw notFound();
    return row.status === 0 && (bot.accountId === account || (bot.accountId === null && row.attached));
  }

  private tokenOf(request: FastifyRequest): string | undefined {
    const { api_access_token: token } = request.headers;
    return typeof token === 'string' && token !== '' ? token : undefined;
  }

  private async ownerOf(request: FastifyRequest, kind: MachineKind): Promise<number> {
    const token = this.tokenOf(request);
    if (token === undefined) throw new Problem('not_permitted', 'Invalid access_token');
    const [row] = await this.system.sql<{ owner_id: number }>(
      `UPDATE api_tokens SET last_used_at = now(), last_used_ip = $3 WHERE token_hash = $1 AND owner_type = $2 AND (expires_at IS NULL OR expires_at > now()) RETURNING owner_id`, [tokenHash(token), kind, request.ip]);
    if (!row) throw new Problem('not_permitted', 'Invalid access_token');
    return row.owner_id;
  }
}

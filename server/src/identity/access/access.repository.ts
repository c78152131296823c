import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

interface MembershipRow { role: number | null; status: number }

/** Look-ups of every request: whose token is this, and what are they in that account. */
@Injectable()
export class AccessRepository {
  constructor(private readonly system: SystemWork) {}

  /** The user a personal token belongs to; marks it used at most once a minute. */
  async userOfApiToken(hash: Buffer): Promise<number | undefined> {
    const [row] = await this.system.sql<{ id: number; owner_id: number; stale: boolean }>(
      `SELECT id, owner_id, coalesce(last_used_at < now() - interval '1 minute', true) AS stale FROM api_tokens
       WHERE token_hash = $1 AND owner_type = 'User' AND (expires_at IS NULL OR expires_at > now())`, [hash]);
    if (row?.stale) await this.system.sql('UPDATE api_tokens SET last_used_at = now() WHERE id = $1', [row.id]);
    return row?.owner_id;
  }

  async membership(userId: number, account: AccountId): Promise<MembershipRow | undefined> {
    const [row] = await this.system.sql<MembershipRow>(
      `SELECT au.role, a.status FROM accounts a LEFT JOIN account_users au ON au.account_id = a.id AND au.user_id = $2 WHERE a.id = $1`, [account, userId]);
    return row;
  }
}

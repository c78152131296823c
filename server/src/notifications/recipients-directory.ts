import { Injectable } from '@nestjs/common';
import { AgentPresenter, AGENT_COLUMNS, type AgentRow } from '../identity/agents/agent.presenter.js';
import type { Tx } from '../platform/database/transaction.js';

type ShownPerson = Record<string, unknown> & { id: number; name: string; type: 'user' };

/** Who is told, as notifications show them. */
@Injectable()
export class RecipientsDirectory {
  constructor(private readonly agents: AgentPresenter) {}

  async of(tx: Tx, userIds: readonly number[]): Promise<Map<number, ShownPerson>> {
    const rows = await tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM account_users au JOIN users u ON u.id = au.user_id WHERE au.account_id = $1 AND au.user_id = ANY ($2::bigint[])`, [tx.accountId, [...new Set(userIds)]]);
    const shown = await this.agents.list(tx.accountId, rows);
    return new Map(shown.map(({ id, name, available_name, thumbnail, availability_status }) => [id, { id, name, available_name, avatar_url: thumbnail, thumbnail, availability_status, type: 'user' }]));
  }
}

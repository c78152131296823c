import { Injectable } from '@nestjs/common';
import type { Statements } from '../../platform/database/transaction.js';
import { notFound, Problem } from '../../platform/http/problem.js';

export type ThingKind = 'account' | 'user' | 'agent_bot';
const TABLES: Record<ThingKind, string> = { account: 'accounts', user: 'users', agent_bot: 'agent_bots' };

/** What an app made, and may therefore reach. */
@Injectable()
export class PlatformPermissions {
  async permit(tx: Statements, appId: number, kind: ThingKind, id: number): Promise<void> {
    await tx.sql('INSERT INTO platform_permissions (platform_app_id, kind, thing_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [appId, kind, id]);
  }

  /** Throws 404 for what does not exist, 401 for what this app did not make. */
  async demand(tx: Statements, appId: number, kind: ThingKind, id: number): Promise<void> {
    const [row] = await tx.sql<{ permitted: boolean }>(
      `SELECT EXISTS (SELECT FROM platform_permissions WHERE platform_app_id = $1 AND kind = $2 AND thing_id = $3) AS permitted FROM ${TABLES[kind]} WHERE id = $3${kind === 'account' ? ' AND deleted_at IS NULL' : ''}`,
      [appId, kind, id]);
    if (!row) throw notFound();
    if (!row.permitted) throw new Problem('not_permitted', 'Non permissible resource');
  }

  async ids(tx: Statements, appId: number, kind: ThingKind): Promise<number[]> {
    return (await tx.sql<{ thing_id: number }>('SELECT thing_id FROM platform_permissions WHERE platform_app_id = $1 AND kind = $2 ORDER BY thing_id', [appId, kind])).map((row) => row.thing_id);
  }

  /** Nobody reaches what is gone. */
  async forget(tx: Statements, kind: ThingKind, id: number): Promise<void> {
    await tx.sql('DELETE FROM platform_permissions WHERE kind = $1 AND thing_id = $2', [kind, id]);
  }
}

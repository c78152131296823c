import { Injectable } from '@nestjs/common';
import type { Statements } from '../../platform/database/transaction.js';
import { notFound, Problem } from '../../platform/http/problem.js';

export type ThingKind = 'account' | 'user' | 'agent_bot';
const TABLES: Record<ThingKind, string> = { account: 'accounts', user: 'users', agent_bot: 'agent_bots' };

/** What an app made, and may therefore reach; and whom it only knows by their address. */
@Injectable()
export class PlatformPermissions {
  async permit(tx: Statements, appId: number, kind: ThingKind, id: number): Promise<void> {
    await tx.sql('INSERT INTO platform_permissions (platform_app_id, kind, thing_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [appId, kind, id]);
  }

  /** Lets the app add somebody who was there before to its accounts. Answers whether it made them itself. */
  async acquaint(tx: Statements, appId: number, userId: number): Promise<boolean> {
    const [row] = await tx.sql<{ made: boolean }>(
      `INSERT INTO platform_permissions AS p (platform_app_id, kind, thing_id, made) VALUES ($1, 'user', $2, false)
       ON CONFLICT (platform_app_id, kind, thing_id) DO UPDATE SET made = p.made RETURNING made`, [appId, userId]);
    return row!.made;
  }

  /** Throws 404 for what does not exist, 401 for what this app did not make. */
  async demand(tx: Statements, appId: number, kind: ThingKind, id: number): Promise<void> {
    if (!(await this.permission(tx, appId, kind, id))?.made) throw new Problem('not_permitted', 'Non permissible resource');
  }

  /** Throws as `demand` does, but lets through whom the app knows by their address. */
  async demandKnown(tx: Statements, appId: number, userId: number): Promise<void> {
    if (!await this.permission(tx, appId, 'user', userId)) throw new Problem('not_permitted', 'Non permissible resource');
  }

  private async permission(tx: Statements, appId: number, kind: ThingKind, id: number): Promise<{ made: boolean } | undefined> {
    const [row] = await tx.sql<{ made: boolean | null }>(
      `SELECT (SELECT made FROM platform_permissions WHERE platform_app_id = $1 AND kind = $2 AND thing_id = $3) AS made FROM ${TABLES[kind]} WHERE id = $3${kind === 'account' ? ' AND deleted_at IS NULL' : ''}`,
      [appId, kind, id]);
    if (!row) throw notFound();
    return row.made === null ? undefined : { made: row.made };
  }

  async ids(tx: Statements, appId: number, kind: ThingKind): Promise<number[]> {
    return (await tx.sql<{ thing_id: number }>('SELECT thing_id FROM platform_permissions WHERE platform_app_id = $1 AND kind = $2 ORDER BY thing_id', [appId, kind])).map((row) => row.thing_id);
  }

  /** Nobody reaches what is gone. */
  async forget(tx: Statements, kind: ThingKind, id: number): Promise<void> {
    await tx.sql('DELETE FROM platform_permissions WHERE kind = $1 AND thing_id = $2', [kind, id]);
  }
}

import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { CreateDashboardApp, UpdateDashboardApp } from './dashboard-app.dto.js';

export interface DashboardAppRow { id: number; title: string; content: { type: 'frame'; url: string }[]; created_at: Date }

/** Pages of other programs, shown beside a conversation. */
@Injectable()
export class DashboardAppsRepository {
  list(tx: Tx): Promise<DashboardAppRow[]> {
    return tx.sql<DashboardAppRow>('SELECT * FROM dashboard_apps WHERE account_id = $1 ORDER BY id', [tx.accountId]);
  }

  find(tx: Tx, id: number): Promise<DashboardAppRow | undefined> {
    return tx.one<DashboardAppRow>('SELECT * FROM dashboard_apps WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  async insert(tx: Tx, userId: number, app: CreateDashboardApp): Promise<DashboardAppRow> {
    return (await tx.one<DashboardAppRow>('INSERT INTO dashboard_apps (account_id, user_id, title, content) VALUES ($1, $2, $3, $4) RETURNING *', [tx.accountId, userId, app.title, JSON.stringify(app.content)]))!;
  }

  /** Undefined when there is none. */
  update(tx: Tx, id: number, app: UpdateDashboardApp): Promise<DashboardAppRow | undefined> {
    return tx.one<DashboardAppRow>('UPDATE dashboard_apps SET title = coalesce($3, title), content = coalesce($4::jsonb, content), updated_at = now() WHERE account_id = $1 AND id = $2 RETURNING *',
      [tx.accountId, id, app.title ?? null, app.content ? JSON.stringify(app.content) : null]);
  }

  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM dashboard_apps WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }
}

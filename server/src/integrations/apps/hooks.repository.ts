import { Injectable } from '@nestjs/common';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import type { Tx } from '../../platform/database/transaction.js';

type Settings = Record<string, unknown>;
export interface HookRow { account_id: number; id: number; inbox_id: number | null; inbox_name: string | null; enabled: boolean; app_id: string; reference_id: string | null; settings: Settings; secrets: string }

const ROW = 'SELECT h.*, i.name AS inbox_name FROM integration_hooks h LEFT JOIN inboxes i ON i.account_id = h.account_id AND i.id = h.inbox_id AND i.deleted_at IS NULL WHERE h.account_id = $1';
const contextOf = (accountId: number): string => `integration_hooks:secrets:${accountId}`;

export const HOOK_SECRETS: SealedColumn = { table: 'integration_hooks', column: 'secrets', row: ['account_id', 'id'], context: (row) => contextOf(Number(row['account_id'])) };

/** What an account has connected. Secret settings are kept sealed, apart from the others. */
@Injectable()
export class HooksRepository {
  constructor(private readonly keyring: Keyring) {}

  list(tx: Tx): Promise<HookRow[]> {
    return tx.sql<HookRow>(`${ROW} ORDER BY h.id`, [tx.accountId]);
  }

  find(tx: Tx, id: number): Promise<HookRow | undefined> {
    return tx.one<HookRow>(`${ROW} AND h.id = $2`, [tx.accountId, id]);
  }

  async insert(tx: Tx, hook: { appId: string; inboxId: number | null; enabled: boolean; settings: Settings; secrets: Settings }): Promise<number> {
    return (await tx.one<{ id: number }>(
      'INSERT INTO integration_hooks (account_id, app_id, inbox_id, enabled, settings, secrets) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
      [tx.accountId, hook.appId, hook.inboxId, hook.enabled, JSON.stringify(hook.settings), this.sealed(tx, hook.secrets)]))!.id;
  }

  async update(tx: Tx, id: number, change: { enabled?: boolean; settings?: Settings; secrets?: Settings }): Promise<void> {
    await tx.sql(
      `UPDATE integration_hooks SET enabled = coalesce($3, enabled), settings = coalesce($4::jsonb, settings), secrets = coalesce($5, secrets), updated_at = now() WHERE account_id = $1 AND id = $2`,
      [tx.accountId, id, change.enabled ?? null, change.settings ? JSON.stringify(change.settings) : null, change.secrets ? this.sealed(tx, change.secrets) : null]);
  }

  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM integration_hooks WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }

  secretsOf(row: HookRow): Settings {
    return JSON.parse(this.keyring.open(row.secrets, contextOf(row.account_id))) as Settings;
  }

  private sealed(tx: Tx, secrets: Settings): string {
    return this.keyring.seal(JSON.stringify(secrets), contextOf(tx.accountId));
  }
}

import { Injectable } from '@nestjs/common';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import type { Tx } from '../../platform/database/transaction.js';

type Settings = Record<string, unknown>;
export interface HookRow { account_id: number; id: number; inbox_id: number | null; inbox_name: string | null; enabled: boolean; app_id: string; reference_id: string | null; settings: Settings; secrets: string; stopped_because: string | null }
export interface NewHook { appId: string; inboxId: number | null; enabled: boolean; settings: Settings; secrets: Settings }
export type HookChange = Partial<Pick<NewHook, 'enabled' | 'settings' | 'secrets'>>;

const ROW = 'SELECT h.*, i.name AS inbox_name FROM integration_hooks h LEFT JOIN inboxes i ON i.account_id = h.account_id AND i.id = h.inbox_id AND i.deleted_at IS NULL WHERE h.account_id = $1';
/** Apps that answer people by themselves. */
const ANSWERING = ['dialogflow'];
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

  async insert(tx: Tx, hook: NewHook): Promise<number> {
    const { id } = (await tx.one<{ id: number }>(
      'INSERT INTO integration_hooks (account_id, app_id, inbox_id, enabled, settings, secrets) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
      [tx.accountId, hook.appId, hook.inboxId, hook.enabled, JSON.stringify(hook.settings), this.sealed(tx, hook.secrets)]))!;
    return id;
  }

  async update(tx: Tx, id: number, change: HookChange): Promise<void> {
    await tx.sql(
      `UPDATE integration_hooks SET enabled = coalesce($3, enabled), stopped_because = CASE WHEN $3::boolean OR $5::text IS NOT NULL THEN NULL ELSE stopped_because END, settings = coalesce($4::jsonb, settings), secrets = coalesce($5, secrets), updated_at = now() WHERE account_id = $1 AND id = $2`,
      [tx.accountId, id, change.enabled ?? null, change.settings ? JSON.stringify(change.settings) : null, change.secrets ? this.sealed(tx, change.secrets) : null]);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM integration_hooks WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** The one that answers in an inbox, the oldest of several. */
  answering(tx: Tx, inboxId: number): Promise<HookRow | undefined> {
    return tx.one<HookRow>(`${ROW} AND h.inbox_id = $2 AND h.enabled AND h.app_id = ANY ($3) ORDER BY h.id LIMIT 1`, [tx.accountId, inboxId, ANSWERING]);
  }

  /** Switches off what cannot work, and says why, unless its settings have changed since it was read. */
  async stop(tx: Tx, hook: HookRow, reason: string): Promise<void> {
    await tx.sql('UPDATE integration_hooks SET enabled = false, stopped_because = $3, updated_at = now() WHERE account_id = $1 AND id = $2 AND secrets = $4 AND settings = $5::jsonb', [tx.accountId, hook.id, reason, hook.secrets, JSON.stringify(hook.settings)]);
  }

  secretsOf(row: HookRow): Settings {
    return JSON.parse(this.keyring.open(row.secrets, contextOf(row.account_id))) as Settings;
  }

  private sealed(tx: Tx, secrets: Settings): string {
    return this.keyring.seal(JSON.stringify(secrets), contextOf(tx.accountId));
  }
}

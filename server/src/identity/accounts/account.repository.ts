import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { AccountChanges } from './account.dto.js';

export interface AccountRow {
  id: number; name: string; status: number; locale: string; timezone: string; domain: string | null; support_email: string | null;
  settings: Record<string, unknown>; custom_attributes: Record<string, unknown> | null; created_at: Date;
}

const COLUMNS = 'id, name, status, locale, timezone, domain, support_email, settings, custom_attributes, created_at';

@Injectable()
export class AccountRepository {
  async find(tx: Tx): Promise<AccountRow | undefined> {
    return tx.one<AccountRow>(`SELECT ${COLUMNS} FROM accounts WHERE id = $1`, [tx.accountId]);
  }

  /** What tells a client that labels, inboxes or teams are others than it keeps: when the last of them was changed, and how many there are. */
  async cacheKeys(tx: Tx): Promise<{ label: string; inbox: string; team: string }> {
    const key = (table: string): string => `(SELECT coalesce((extract(epoch FROM max(updated_at)) * 1000)::bigint, 0) || '-' || count(*) FROM ${table} WHERE account_id = $1)`;
    return (await tx.one<{ label: string; inbox: string; team: string }>(`SELECT ${key('labels')} AS label, ${key('inboxes')} AS inbox, ${key('teams')} AS team`, [tx.accountId]))!;
  }

  /** Changes columns; the account's settings and attributes are merged key by key, null takes a key away. */
  async update(tx: Tx, changes: Partial<Pick<AccountChanges, 'name' | 'locale' | 'timezone' | 'domain' | 'support_email'>>, settings: object, attributes: object): Promise<AccountRow | undefined> {
    const columns = Object.entries(changes).filter(([, value]) => value !== undefined);
    const set = columns.map(([name], n) => `${name} = $${n + 4}`);
    return tx.one<AccountRow>(
      `UPDATE accounts SET ${[...set, `settings = jsonb_strip_nulls(settings || $2::jsonb)`, `custom_attributes = jsonb_strip_nulls(coalesce(custom_attributes, '{}') || $3::jsonb)`, 'updated_at = now()'].join(', ')}
       WHERE id = $1 RETURNING ${COLUMNS}`, [tx.accountId, JSON.stringify(settings), JSON.stringify(attributes), ...columns.map(([, value]) => value)]);
  }
}

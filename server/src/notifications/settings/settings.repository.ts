import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { DEFAULT_FLAGS, type Flags } from '../notification-kinds.js';

/** How people want to be told. */
@Injectable()
export class NotificationSettingsRepository {
  async of(tx: Tx, userId: number): Promise<Flags> {
    return await tx.one<Flags>('SELECT email_flags, push_flags, in_app_flags FROM notification_settings WHERE account_id = $1 AND user_id = $2', [tx.accountId, userId]) ?? DEFAULT_FLAGS;
  }

  async write(tx: Tx, userId: number, flags: Flags): Promise<void> {
    await tx.sql(
      `INSERT INTO notification_settings (account_id, user_id, email_flags, push_flags, in_app_flags) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (account_id, user_id) DO UPDATE SET email_flags = excluded.email_flags, push_flags = excluded.push_flags, in_app_flags = excluded.in_app_flags`,
      [tx.accountId, userId, flags.email_flags, flags.push_flags, flags.in_app_flags]);
  }
}

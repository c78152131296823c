import { Injectable } from '@nestjs/common';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { ROLE_CODE } from './principal.js';

/** Who runs the installation, beyond any account. */
@Injectable()
export class SuperAdministrators {
  constructor(private readonly system: SystemWork) {}

  // Only administrators of an account are made to use a second factor, so only they can be one.
  async includes(userId: number): Promise<boolean> {
    return (await this.system.sql(
      `SELECT FROM super_administrators s WHERE s.user_id = $1 AND EXISTS (SELECT FROM account_users m WHERE m.user_id = s.user_id AND m.role = ${ROLE_CODE.administrator})`, [userId])).length > 0;
  }

  /** Makes somebody one while there is none: the administrator of the first account. */
  async addFirst(tx: SystemTx, userId: number): Promise<void> {
    await tx.sql('INSERT INTO super_administrators (user_id) SELECT $1 WHERE NOT EXISTS (SELECT FROM super_administrators)', [userId]);
  }

  async add(tx: SystemTx, userId: number): Promise<void> {
    await tx.sql('INSERT INTO super_administrators (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [userId]);
  }

  /** False when they are the last one, who stays. */
  async remove(tx: SystemTx, userId: number): Promise<boolean> {
    // All of them, in one order: two who remove each other at the same moment wait one for the other.
    const all = await tx.sql<{ user_id: number }>('SELECT user_id FROM super_administrators ORDER BY user_id FOR UPDATE');
    if (all.every((one) => one.user_id === userId)) return false;
    await tx.sql('DELETE FROM super_administrators WHERE user_id = $1', [userId]);
    return true;
  }
}

import { Injectable } from '@nestjs/common';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { ROLE_CODE } from '../access/principal.js';

export interface NewPerson { name: string; email: string; digest: string }

/** The installation as a whole: whether anybody exists, and the accounts made without being signed in. */
@Injectable()
export class InstallationRepository {
  constructor(private readonly system: SystemWork) {}

  async isEmpty(): Promise<boolean> {
    return (await this.system.sql('SELECT FROM users LIMIT 1')).length === 0;
  }

  /** Holds everybody else off who wants to be first, until the transaction ends. */
  async isEmptyForUs(tx: SystemTx): Promise<boolean> {
    await tx.sql('SELECT FROM installation FOR UPDATE');
    return (await tx.sql('SELECT FROM users LIMIT 1')).length === 0;
  }

  async createAccount(tx: SystemTx, name: string): Promise<number> {
    return (await tx.one<{ id: number }>('INSERT INTO accounts (name) VALUES ($1) RETURNING id', [name]))!.id;
  }

  /** A confirmed person with a password. Throws unique_violation (23505) when the address is taken. */
  async createPerson(tx: SystemTx, { name, email, digest }: NewPerson, now: Date): Promise<number> {
    const user = await tx.one<{ id: number }>('INSERT INTO users (name, email, confirmed_at) VALUES ($1, $2, $3) RETURNING id', [name, email, now]);
    await tx.sql('INSERT INTO user_credentials (user_id, password_digest, password_changed_at) VALUES ($1, $2, $3)', [user!.id, digest, now]);
    return user!.id;
  }

  /** Makes somebody an administrator of the account, whatever they were there before. */
  async makeAdministrator(tx: SystemTx, accountId: number, userId: number): Promise<void> {
    await tx.sql(`INSERT INTO account_users (account_id, user_id, role) VALUES ($1, $2, ${ROLE_CODE.administrator})
      ON CONFLICT (account_id, user_id) DO UPDATE SET role = ${ROLE_CODE.administrator}`, [accountId, userId]);
  }

  async accounts(): Promise<{ id: number; name: string; people: number; created_at: Date }[]> {
    return this.system.sql(
      `SELECT a.id, a.name, (SELECT count(*) FROM account_users au WHERE au.account_id = a.id) AS people, a.created_at FROM accounts a ORDER BY a.id`);
  }

  async accountName(id: number): Promise<string | undefined> {
    return (await this.system.sql<{ name: string }>('SELECT name FROM accounts WHERE id = $1', [id]))[0]?.name;
  }
}

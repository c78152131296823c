import { Injectable } from '@nestjs/common';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

/** A membership as the person themself sees it. */
export interface MembershipOfUser {
  account_id: number; account_name: string; account_locale: string; account_status: number; active_at: string | null; role: number; availability: number; auto_offline: boolean; inviter_id: number | null;
}

/** An account that asks somebody of another account to join. */
export type AskingAccount = Pick<MembershipOfUser, 'account_id' | 'account_name' | 'account_locale'>;

/** A person with all their memberships. */
export interface UserWithMemberships {
  id: number; name: string; display_name: string | null; email: string; avatar_key: string | null; message_signature: string | null; locale: string | null; timezone: string | null;
  ui_settings: Record<string, unknown>; custom_attributes: Record<string, unknown> | null; confirmed_at: Date | null; mfa_enabled_at: Date | null; address_proved: boolean; super_administrator: boolean; personal_token_id: number | null; memberships: MembershipOfUser[];
  /** Accounts that ask for them and that they have not joined. */
  invitations: AskingAccount[];
}

/** What is needed to prove a password. */
export interface CredentialRow { user_id: number; email: string; password_digest: string | null; mfa_enabled: boolean }

export interface UserChanges {
  name?: string; display_name?: string | null; email?: string; message_signature?: string | null; locale?: string | null; timezone?: string | null;
  ui_settings?: Record<string, unknown>; avatar_key?: string | null;
}

/** People, across accounts. */
@Injectable()
export class UserRepository {
  constructor(private readonly system: SystemWork) {}

  async withMemberships(userId: number): Promise<UserWithMemberships | undefined> {
    const [row] = await this.system.sql<UserWithMemberships>(
      `SELECT u.id, u.name, u.display_name, u.email, u.avatar_key, u.message_signature, u.locale, u.timezone, u.ui_settings, u.custom_attributes, u.confirmed_at, u.mfa_enabled_at, u.address_proved_at IS NOT NULL AS address_proved, EXISTS (SELECT FROM super_administrators s WHERE s.user_id = u.id) AS super_administrator,
         (SELECT t.id FROM api_tokens t WHERE t.owner_type = 'User' AND t.owner_id = u.id AND t.name = 'personal' LIMIT 1) AS personal_token_id,
         coalesce((SELECT jsonb_agg(jsonb_build_object('account_id', a.id, 'account_name', a.name, 'account_locale', a.locale, 'account_status', a.status, 'active_at', au.active_at, 'role', au.role,
           'availability', au.availability, 'auto_offline', au.auto_offline, 'inviter_id', au.inviter_id) ORDER BY a.id)
           FROM account_users au JOIN accounts a ON a.id = au.account_id WHERE au.user_id = u.id), '[]') AS memberships,
         coalesce((SELECT jsonb_agg(jsonb_build_object('account_id', a.id, 'account_name', a.name, 'account_locale', a.locale) ORDER BY a.id)
           FROM pending_members p JOIN accounts a ON a.id = p.account_id WHERE p.user_id = u.id), '[]') AS invitations
       FROM users u WHERE u.id = $1`, [userId]);
    return row;
  }

  /** The credentials behind a mail address (stored in lower case). */
  async credentialsByEmail(email: string): Promise<CredentialRow | undefined> {
    const [row] = await this.system.sql<CredentialRow>(
      `SELECT u.id AS user_id, u.email, c.password_digest, u.mfa_enabled_at IS NOT NULL AS mfa_enabled FROM users u JOIN user_credentials c ON c.user_id = u.id WHERE u.email = $1`, [email]);
    return row;
  }

  async credentials(userId: number): Promise<CredentialRow | undefined> {
    const [row] = await this.system.sql<CredentialRow>(
      `SELECT u.id AS user_id, u.email, c.password_digest, u.mfa_enabled_at IS NOT NULL AS mfa_enabled FROM users u JOIN user_credentials c ON c.user_id = u.id WHERE u.id = $1`, [userId]);
    return row;
  }

  async update(tx: SystemTx, userId: number, changes: UserChanges): Promise<void> {
    const columns = Object.entries(changes).filter(([, value]) => value !== undefined);
    if (columns.length === 0) return;
    const set = columns.map(([name], n) => `${name} = $${n + 2}`);
    const address = columns.findIndex(([name]) => name === 'email');
    // Nobody has shown yet that the new address is theirs.
    if (address >= 0) set.push(`address_proved_at = CASE WHEN email = $${address + 2} THEN address_proved_at END`);
    await tx.sql(`UPDATE users SET ${set.join(', ')}, updated_at = now() WHERE id = $1`, [userId, ...columns.map(([, value]) => (isPlainObject(value) ? JSON.stringify(value) : value))]);
  }

  async setPassword(tx: SystemTx, userId: number, digest: string, now: Date): Promise<void> {
    await tx.sql(
      `INSERT INTO user_credentials (user_id, password_digest, password_changed_at) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET password_digest = $2, password_changed_at = $3, updated_at = $3`, [userId, digest, now]);
  }

  /** Holds the person still, so that nobody gets a link to them while they join another account. */
  async lock(tx: SystemTx, userId: number): Promise<void> {
    await tx.sql('SELECT FROM users WHERE id = $1 FOR UPDATE', [userId]);
  }

  /** Whether the person has shown that the address is theirs: only a link that was mailed there shows it. */
  async setProved(tx: SystemTx, userId: number, at: Date | null): Promise<void> {
    await tx.sql('UPDATE users SET address_proved_at = $2 WHERE id = $1', [userId, at]);
  }

  /** The person has chosen a password. */
  async confirm(tx: SystemTx, userId: number, now: Date): Promise<void> {
    await tx.sql('UPDATE users SET confirmed_at = coalesce(confirmed_at, $2) WHERE id = $1', [userId, now]);
  }

  /** Forgets the password: whoever knew it is nobody here any more. */
  async forgetPassword(tx: SystemTx, userId: number): Promise<void> {
    await tx.sql('UPDATE user_credentials SET password_digest = NULL WHERE user_id = $1', [userId]);
    await tx.sql('UPDATE users SET confirmed_at = NULL, address_proved_at = NULL WHERE id = $1', [userId]);
  }

  /** How this person wants to be seen in an account. False when they are not in it. */
  async setPresence(tx: SystemTx, userId: number, accountId: number, { availability, autoOffline }: { availability?: number; autoOffline?: boolean }): Promise<boolean> {
    return (await tx.sql('UPDATE account_users SET availability = coalesce($3, availability), auto_offline = coalesce($4, auto_offline) WHERE user_id = $1 AND account_id = $2 RETURNING user_id',
      [userId, accountId, availability ?? null, autoOffline ?? null])).length > 0;
  }

  async setActiveAccount(userId: number, accountId: number, now: Date): Promise<boolean> {
    return (await this.system.sql('UPDATE account_users SET active_at = $3 WHERE user_id = $1 AND account_id = $2 RETURNING user_id', [userId, accountId, now])).length > 0;
  }

  /** The accounts this person belongs to. */
  async accountIds(tx: SystemTx, userId: number): Promise<number[]> {
    return (await tx.sql<{ account_id: number }>('SELECT account_id FROM account_users WHERE user_id = $1 ORDER BY account_id', [userId])).map((row) => row.account_id);
  }
}

const isPlainObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Date);

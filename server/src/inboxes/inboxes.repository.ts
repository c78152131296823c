import { Injectable } from '@nestjs/common';
import { randomToken } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/transaction.js';
import type { InboxSettings } from './inbox.dto.js';
import { DEFAULT_WORKING_HOURS, type WorkingDay } from './working-hours.js';

/** A configured channel as stored. */
export interface InboxRow {
  account_id: number; id: number; created_at: Date; updated_at: Date; deleted_at: Date | null; widget_last_seen_at: Date | null; channel_type: string; name: string;
  public_token: string; channel_config: Record<string, unknown>; channel_secrets: string | null; avatar_key: string | null;
  greeting_enabled: boolean; greeting_message: string | null; enable_email_collect: boolean; csat_survey_enabled: boolean; csat_config: Record<string, unknown>;
  enable_auto_assignment: boolean; auto_assignment_config: Record<string, unknown>; working_hours_enabled: boolean; working_hours: WorkingDay[];
  out_of_office_message: string | null; timezone: string; allow_messages_after_resolved: boolean; lock_to_single_conversation: boolean;
  agent_bot_id: number | null; /** Another program than a bot of ours answers first. */ has_answering_hook: boolean; sender_name_type: string; business_name: string | null; widget_last_seen_url: string | null; portal_id: number | null;
  /** Where `portal_id` leads. Read with the inbox; a locked one comes without. */
  help_center?: HelpCenter | null;
}
export interface HelpCenter { name: string; slug: string; custom_domain: string | null; color: string | null; archived: boolean; default_locale: string; allowed_locales: string[]; draft_locales: string[] }

/** The columns of inboxes i, and the help centre they lead to. */
export const WHOLE_INBOX = `i.*, CASE WHEN i.portal_id IS NULL THEN NULL ELSE (SELECT to_jsonb(h) FROM (SELECT p.name, p.slug, p.custom_domain, p.color, p.archived, p.default_locale, p.allowed_locales, p.draft_locales
  FROM portals p WHERE p.account_id = i.account_id AND p.id = i.portal_id) h) END AS help_center`;

const SETTINGS = [
  'name', 'greeting_enabled', 'greeting_message', 'enable_email_collect', 'csat_survey_enabled', 'csat_config', 'enable_auto_assignment', 'auto_assignment_config',
  'working_hours_enabled', 'working_hours', 'out_of_office_message', 'timezone', 'allow_messages_after_resolved', 'lock_to_single_conversation', 'sender_name_type', 'business_name', 'portal_id',
] as const satisfies readonly (keyof InboxSettings)[];

/** Inboxes of an account. Deleted ones are not found although their rows live until everything in them is erased. */
@Injectable()
export class InboxesRepository {
  /** All inboxes, or those the person is a member of. */
  list(tx: Tx, memberId: number | null): Promise<InboxRow[]> {
    return tx.sql<InboxRow>(
      `SELECT ${WHOLE_INBOX} FROM inboxes i WHERE i.account_id = $1 AND i.deleted_at IS NULL
         AND ($2::bigint IS NULL OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = i.account_id AND m.user_id = $2 AND m.inbox_id = i.id))
       ORDER BY i.name, i.id`, [tx.accountId, memberId]);
  }

  /** One inbox; with a member's id only when they belong to it. */
  find(tx: Tx, id: number, memberId: number | null = null): Promise<InboxRow | undefined> {
    return tx.one<InboxRow>(
      `SELECT ${WHOLE_INBOX} FROM inboxes i WHERE i.account_id = $1 AND i.id = $2 AND i.deleted_at IS NULL
         AND ($3::bigint IS NULL OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = i.account_id AND m.user_id = $3 AND m.inbox_id = i.id))`, [tx.accountId, id, memberId]);
  }

  lock(tx: Tx, id: number): Promise<InboxRow | undefined> {
    return tx.one<InboxRow>('SELECT * FROM inboxes WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE', [tx.accountId, id]);
  }

  async insert(tx: Tx, name: string, channelType: string, channelConfig: Record<string, unknown>): Promise<InboxRow> {
    const row = await tx.one<InboxRow>(
      `INSERT INTO inboxes (account_id, name, channel_type, public_token, channel_config, working_hours) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`,
      [tx.accountId, name, channelType, randomToken(18), JSON.stringify(channelConfig), JSON.stringify(DEFAULT_WORKING_HOURS)]);
    return row!;
  }

  /** Writes the given settings and leaves the others as they are. */
  async update(tx: Tx, id: number, settings: InboxSettings): Promise<void> {
    const given = SETTINGS.filter((key) => settings[key] !== undefined);
    if (given.length === 0) return;
    const values = given.map((key) => (typeof settings[key] === 'object' && settings[key] !== null ? JSON.stringify(settings[key]) : settings[key]));
    await tx.sql(`UPDATE inboxes SET updated_at = now(), ${given.map((key, n) => `${key} = $${n + 3}`).join(', ')} WHERE account_id = $1 AND id = $2`, [tx.accountId, id, ...values]);
  }

  async writeChannel(tx: Tx, id: number, channelConfig: Record<string, unknown>, sealedSecrets: string | null): Promise<void> {
    await tx.sql('UPDATE inboxes SET updated_at = now(), channel_config = $3, channel_secrets = $4 WHERE account_id = $1 AND id = $2',
      [tx.accountId, id, JSON.stringify(channelConfig), sealedSecrets]);
  }

  async hasPortal(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM portals WHERE account_id = $1 AND id = $2', [tx.accountId, id])).length > 0;
  }

  async writeAvatar(tx: Tx, id: number, key: string | null): Promise<void> {
    await tx.sql('UPDATE inboxes SET updated_at = now(), avatar_key = $3 WHERE account_id = $1 AND id = $2', [tx.accountId, id, key]);
  }

  /** Marks it deleted, so that nobody finds it any more. False when there is none. */
  async markDeleted(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('UPDATE inboxes SET deleted_at = now(), updated_at = now() WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id', [tx.accountId, id])).length > 0;
  }
}

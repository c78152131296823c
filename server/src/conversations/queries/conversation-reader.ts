import { Injectable } from '@nestjs/common';
import type { ContactRow } from '../../contacts/contacts.repository.js';
import { isAdministrator, type Member } from '../../identity/access/principal.js';
import { AGENT_COLUMNS, type AgentRow } from '../../identity/agents/agent.presenter.js';
import type { TeamRow } from '../../inboxes/teams/teams.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { Status } from '../conversation-codes.js';
import type { ConversationRow } from '../conversations.repository.js';

export interface HoldingBotRow { id: number; name: string; description: string | null; avatar_key: string | null; bot_type: string }
/** A conversation with everything around it that is shown, except its messages. */
export interface HydratedConversation extends Omit<ConversationRow, 'contact_name' | 'contact_blocked' | 'account_locale'> {
  hmac_verified: boolean; reply_window: unknown; last_incoming_at: Date | null; labels: string[] | null; contact: ContactRow; assignee: AgentRow | null; team: TeamRow | null; bot: HoldingBotRow | null;
  /** Sort keys to the microsecond: a JavaScript Date would lose digits, and paging would repeat or skip rows. */
  activity_us: number; created_us: number; waiting_us: number | null;
}

const micros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint`;
/** Hours after the last words of a contact in which they may be answered, where the inbox has such a limit. */
const WINDOW = `i.channel_config #> '{additional_attributes,agent_reply_time_window}'`;
const HYDRATED = `p.*, i.channel_type, ci.source_id, ci.hmac_verified, ${WINDOW} AS reply_window,
  CASE WHEN ${WINDOW} IS NULL THEN NULL ELSE (SELECT m.created_at FROM messages m WHERE m.account_id = p.account_id AND m.conversation_id = p.id AND m.message_type = 0 ORDER BY m.id DESC LIMIT 1) END AS last_incoming_at,
  ${micros('p.last_activity_at')} AS activity_us, ${micros('p.created_at')} AS created_us, ${micros('p.waiting_since')} AS waiting_us,
  (SELECT array_agg(l.title ORDER BY l.title) FROM labels l WHERE l.account_id = p.account_id AND l.id = ANY (p.label_ids)) AS labels,
  ct.id AS ct_id, ct.name AS ct_name, ct.email AS ct_email, ct.phone_number AS ct_phone_number, ct.identifier AS ct_identifier, ct.blocked AS ct_blocked, ct.avatar_key AS ct_avatar_key,
  ct.additional_attributes AS ct_additional_attributes, ct.custom_attributes AS ct_custom_attributes, ct.created_at AS ct_created_at, ct.last_activity_at AS ct_last_activity_at,
  CASE WHEN p.team_id IS NULL THEN NULL ELSE (SELECT jsonb_build_object('id', t.id, 'name', t.name, 'description', t.description, 'allow_auto_assign', t.allow_auto_assign)
    FROM teams t WHERE t.account_id = p.account_id AND t.id = p.team_id) END AS team,
  CASE WHEN p.agent_bot_id IS NULL OR p.status <> ${Status.pending} THEN NULL ELSE (SELECT jsonb_build_object('id', b.id, 'name', b.name, 'description', b.description, 'avatar_key', b.avatar_key, 'bot_type', b.bot_type)
    FROM agent_bots b WHERE b.id = p.agent_bot_id) END AS bot,
  CASE WHEN au.user_id IS NULL THEN NULL ELSE (SELECT to_jsonb(a) FROM (SELECT ${AGENT_COLUMNS}) a) END AS assignee`;
const AROUND = `JOIN inboxes i ON i.account_id = p.account_id AND i.id = p.inbox_id AND i.deleted_at IS NULL
  JOIN contacts ct ON ct.account_id = p.account_id AND ct.id = p.contact_id
  JOIN contact_inboxes ci ON ci.account_id = p.account_id AND ci.id = p.contact_inbox_id
  LEFT JOIN account_users au ON au.account_id = p.account_id AND au.user_id = p.assignee_id LEFT JOIN users u ON u.id = au.user_id`;

/** Reads conversations for showing them. */
@Injectable()
export class ConversationReader {
  /** The conversation with this number, if this member may see it. */
  async find(tx: Tx, me: Member, displayId: number): Promise<HydratedConversation | undefined> {
    const [row] = await this.read(tx,
      `SELECT c.* FROM conversations c WHERE c.account_id = $1 AND c.display_id = $2 AND ($3::bigint IS NULL
         OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = c.account_id AND m.user_id = $3 AND m.inbox_id = c.inbox_id))`,
      [tx.accountId, displayId, isAdministrator(me) ? null : me.userId]);
    return row;
  }

  /** Some conversations by key, in no order, whoever may see them. */
  byIds(tx: Tx, ids: readonly number[]): Promise<HydratedConversation[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.read(tx, 'SELECT c.* FROM conversations c WHERE c.account_id = $1 AND c.id = ANY ($2::bigint[])', [tx.accountId, ids], { prepared: true });
  }

  /** The newest conversations of a contact among the inboxes one may see (null: all). */
  ofContact(tx: Tx, contactId: number, inboxes: number[] | null, limit: number): Promise<HydratedConversation[]> {
    return this.read(tx,
      `SELECT c.* FROM conversations c WHERE c.account_id = $1 AND c.contact_id = $2 AND ($3::bigint[] IS NULL OR c.inbox_id = ANY ($3)) ORDER BY c.id DESC LIMIT ${limit}`,
      [tx.accountId, contactId, inboxes], { order: 'ORDER BY p.id DESC' });
  }

  /** Hydrates what a statement finds: one row of conversations each, with further columns at will. */
  async read<More extends object = object>(tx: Tx, select: string, params: readonly unknown[], { order = '', prepared = false } = {}): Promise<(HydratedConversation & More)[]> {
    const rows = await tx[prepared ? 'prepared' : 'sql']<Record<string, unknown>>(`WITH p AS MATERIALIZED (${select}) SELECT ${HYDRATED} FROM p ${AROUND} ${order}`, params);
    return rows.map((row) => ({ ...row, contact: contactOf(row) }) as unknown as HydratedConversation & More);
  }
}

function contactOf(row: Record<string, unknown>): ContactRow {
  return { ...Object.fromEntries(Object.entries(row).filter(([key]) => key.startsWith('ct_')).map(([key, value]) => [key.slice(3), value])), account_id: row['account_id'] } as unknown as ContactRow;
}

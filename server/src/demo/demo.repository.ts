import { Injectable } from '@nestjs/common';
import type { Statements, Tx } from '../platform/database/transaction.js';
import { questionIn } from '../csat/csat.words.js';
import { CONTENT_TYPES, MessageType } from '../conversations/conversation-codes.js';
import type { PlannedConversation, PlannedMessage } from './demo-plan.js';
import { opinionOf, parcelFor } from './demo-tools.js';

/** Where a planned message ended up. */
export interface WrittenMessage { id: number; attachment?: 'photo' | 'list' }

const isFromTeam = (m: PlannedMessage): boolean => m.who !== 'them';

/** Writes history as it would have become, without telling anybody: no events, no deliveries. */
@Injectable()
export class DemoRepository {
  async hasPeople(tx: Statements): Promise<boolean> {
    return (await tx.sql('SELECT FROM users LIMIT 1')).length > 0;
  }

  async insertAccount(tx: Statements, name: string): Promise<number> {
    return (await tx.one<{ id: number }>(`INSERT INTO accounts (name, locale, timezone, support_email) VALUES ($1, 'en', 'Europe/London', 'hello@demo.porchlight.example') RETURNING id`, [name]))!.id;
  }

  async insertPerson(tx: Statements, person: { name: string; email: string; locale: string; signature: string }, digest: string): Promise<number> {
    const user = await tx.one<{ id: number }>(
      `INSERT INTO users (name, display_name, email, locale, message_signature, confirmed_at) VALUES ($1, split_part($1, ' ', 1), $2, $3, $4, now()) RETURNING id`,
      [person.name, person.email, person.locale, person.signature]);
    await tx.sql('INSERT INTO user_credentials (user_id, password_digest, password_changed_at) VALUES ($1, $2, now())', [user!.id, digest]);
    return user!.id;
  }

  async insertMembership(tx: Statements, accountId: number, userId: number, role: number): Promise<void> {
    await tx.sql('INSERT INTO account_users (account_id, user_id, role) VALUES ($1, $2, $3)', [accountId, userId, role]);
  }

  /** The first administrator of an installation also looks after all of it. */
  async putInCharge(tx: Statements, userId: number): Promise<void> {
    await tx.sql('INSERT INTO super_administrators (user_id) VALUES ($1)', [userId]);
  }

  async takeTotp(tx: Statements, userId: number, sealed: string): Promise<void> {
    await tx.sql('UPDATE user_credentials SET mfa_secret = $2 WHERE user_id = $1', [userId, sealed]);
    await tx.sql('UPDATE users SET mfa_enabled_at = now() WHERE id = $1', [userId]);
  }

  async insertInboxMembers(tx: Tx, inboxId: number, userIds: number[]): Promise<void> {
    await tx.sql('INSERT INTO inbox_members (account_id, inbox_id, user_id) SELECT $1, $2, unnest($3::bigint[])', [tx.accountId, inboxId, userIds]);
  }

  async insertLabels(tx: Tx, labels: Record<string, { color: string; description: string }>): Promise<Map<string, number>> {
    const rows = await tx.sql<{ id: number; title: string }>(
      `INSERT INTO labels (account_id, title, color, description) SELECT $1, l.title, l.color, l.description FROM jsonb_to_recordset($2::jsonb) AS l(title text, color text, description text) RETURNING id, title`,
      [tx.accountId, JSON.stringify(Object.entries(labels).map(([title, l]) => ({ title, ...l })))]);
    return new Map(rows.map((row) => [row.title, row.id]));
  }

  /** One conversation with its person, messages, labels and search entries. Answers its id and the messages in order. */
  async insertConversation(tx: Tx, plan: PlannedConversation, place: { inboxId: number; assigneeId: number | null; teamId: number | null; labelIds: number[]; agentId: number; asksOpinion: boolean }): Promise<{ id: number; messages: WrittenMessage[] }> {
    const [first, last, { household }] = [plan.messages[0]!.at, plan.messages.at(-1)!.at, plan.contact];
    const contact = await tx.one<{ id: number }>(
      `INSERT INTO contacts (account_id, name, email, phone_number, created_at, updated_at, last_activity_at, additional_attributes, custom_attributes) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8) RETURNING id`,
      [tx.accountId, plan.contact.name, plan.contact.email, plan.contact.phone, first, last, JSON.stringify({ browser_language: plan.contact.locale }), JSON.stringify(household ? { household_size: household } : {})]);
    const identity = await tx.one<{ id: number }>(
      'INSERT INTO contact_inboxes (account_id, contact_id, inbox_id, source_id, created_at) VALUES ($1, $2, $3, gen_random_uuid()::text, $4) RETURNING id', [tx.accountId, contact!.id, place.inboxId, first]);
    const number = await tx.one<{ value: number }>('UPDATE account_counters SET value = value + 1 WHERE account_id = $1 AND kind = 1 RETURNING value', [tx.accountId]);
    const conversation = await tx.one<{ id: number }>(
      `INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, assignee_id, display_id, status, priority, label_ids, created_at, updated_at, last_activity_at, snoozed_until, team_id, custom_attributes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14) RETURNING id`,
      [tx.accountId, place.inboxId, contact!.id, identity!.id, place.assigneeId, number!.value, plan.status, plan.priority, place.labelIds, first, last, plan.snoozedUntil,
        place.teamId, JSON.stringify(household ? { parcel: parcelFor(household) } : {})]);
    const id = conversation!.id;
    const messages = await this.insertMessages(tx, plan, { id, inboxId: place.inboxId, contactId: contact!.id, agentId: place.agentId });
    await tx.sql('INSERT INTO conversation_labels (account_id, label_id, conversation_id) SELECT $1, unnest($2::int[]), $3', [tx.accountId, place.labelIds, id]);
    await this.finishConversation(tx, plan, id);
    if (plan.status === 1) await this.insertResolution(tx, plan, { id, inboxId: place.inboxId, agentId: place.agentId });
    if (plan.status === 1 && place.asksOpinion) await this.insertOpinion(tx, plan, { id, inboxId: place.inboxId, number: number!.value, agentId: place.agentId });
    return { id, messages };
  }

  private async insertMessages(tx: Tx, plan: PlannedConversation, c: { id: number; inboxId: number; contactId: number; agentId: number }): Promise<WrittenMessage[]> {
    const rows = plan.messages.map((m) => ({
      type: isFromTeam(m) ? 1 : 0, sender: isFromTeam(m) ? c.agentId : c.contactId, kind: isFromTeam(m) ? 2 : 1, private: m.who === 'note', content: m.text, at: m.at,
      // Two of three answers have been read; who has the chat open reads at once.
      status: m.who === 'us' ? 2 : 0,
    }));
    const written = await tx.sql<{ id: number }>(
      `INSERT INTO messages (account_id, conversation_id, inbox_id, sender_id, sender_type, message_type, private, content, status, created_at, updated_at)
       SELECT $1, $2, $3, m.sender, m.kind, m.type, m.private, m.content, m.status, m.at, m.at
       FROM ROWS FROM (jsonb_to_recordset($4::jsonb) AS (type smallint, sender bigint, kind smallint, private boolean, content text, status smallint, at timestamptz))
         WITH ORDINALITY AS m(type, sender, kind, private, content, status, at, n) ORDER BY m.n RETURNING id`, [tx.accountId, c.id, c.inboxId, JSON.stringify(rows)]);
    await tx.sql(
      `INSERT INTO message_search (account_id, conversation_id, message_id, inbox_id, created_at, tsv)
       SELECT account_id, conversation_id, id, inbox_id, created_at, search_vector(content) FROM messages WHERE account_id = $1 AND conversation_id = $2`, [tx.accountId, c.id]);
    return written.map((row, i) => ({ id: row.id, ...(plan.messages[i]!.attachment ? { attachment: plan.messages[i]!.attachment } : {}) }));
  }

  /** The line that says who resolved it, some minutes after the last word. */
  private async insertResolution(tx: Tx, plan: PlannedConversation, c: { id: number; inboxId: number; agentId: number }): Promise<void> {
    const at = new Date(plan.messages.at(-1)!.at.getTime() + 20_000);
    await tx.sql(
      `WITH line AS (
         INSERT INTO messages (account_id, conversation_id, inbox_id, message_type, content, content_attributes, created_at, updated_at)
         SELECT $1, $2, $3, 2, 'Conversation was marked resolved by ' || u.display_name, jsonb_build_object('activity', jsonb_build_object('key', 'status_resolved', 'params', jsonb_build_object('name', u.display_name))), $5, $5
         FROM users u WHERE u.id = $4 RETURNING id)
       UPDATE conversations SET last_message_id = line.id FROM line WHERE account_id = $1 AND conversations.id = $2`, [tx.accountId, c.id, c.inboxId, c.agentId, at]);
  }

  /** The question how it was, and what was answered if anything was, in the seconds after it was resolved. */
  private async insertOpinion(tx: Tx, plan: PlannedConversation, c: { id: number; inboxId: number; number: number; agentId: number }): Promise<void> {
    if (!plan.messages.some((m) => m.who === 'us')) return;
    const opinion = opinionOf(c.number);
    const resolved = plan.messages.at(-1)!.at.getTime() + 20_000;
    const [asked, answered] = [new Date(resolved + 1000), new Date(resolved + 9000)];
    const submitted = opinion && { submitted_values: { csat_survey_response: { rating: opinion.rating, feedback_message: opinion.words ?? '' } } };
    await tx.sql(
      `WITH question AS (
         INSERT INTO messages (account_id, conversation_id, inbox_id, message_type, content_type, content, content_attributes, echo_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'csat', $8, $9) RETURNING id),
       searched AS (INSERT INTO message_search (account_id, conversation_id, message_id, inbox_id, created_at, tsv) SELECT $1, $2, id, $3, $8, search_vector($6) FROM question),
       survey AS (
         INSERT INTO csat_surveys (account_id, conversation_id, message_id, inbox_id, assigned_agent_id, sent_at, answered_at, updated_at, rating, feedback_message)
         SELECT $1, $2, id, $3, $10, $8, $13, $9, $11, $12 FROM question)
       UPDATE conversations SET last_message_id = question.id, last_public_message_id = question.id FROM question WHERE account_id = $1 AND conversations.id = $2`,
      [tx.accountId, c.id, c.inboxId, MessageType.template, CONTENT_TYPES.indexOf('input_csat'), questionIn('en'), JSON.stringify({ display_type: 'emoji', ...submitted }), asked, answered,
        c.agentId, opinion?.rating ?? null, opinion?.words ?? null, opinion && answered]);
  }

  /** What the conversation remembers of its messages. */
  private async finishConversation(tx: Tx, plan: PlannedConversation, id: number): Promise<void> {
    const answers = plan.messages.filter((m) => m.who === 'us');
    const lastAnswer = plan.messages.findLastIndex((m) => m.who === 'us');
    const waiting = plan.messages.find((m, i) => m.who === 'them' && i > lastAnswer);
    const unread = plan.status === 0 && waiting ? plan.messages.filter((m, i) => m.who === 'them' && i > lastAnswer).length : 0;
    const last = plan.messages.at(-1)!;
    await tx.sql(
      `UPDATE conversations c SET waiting_since = $3, first_reply_at = $4, unread_count = $5, incoming_count = $6, agent_last_seen_at = $7, contact_last_seen_at = $8,
         last_message_id = m.last_id, last_public_message_id = m.last_public_id, last_message_preview = left($9, 120), last_message_sender = $10
       FROM (SELECT max(id) AS last_id, max(id) FILTER (WHERE NOT private) AS last_public_id FROM messages WHERE account_id = $1 AND conversation_id = $2) m
       WHERE c.account_id = $1 AND c.id = $2`,
      [tx.accountId, id, waiting?.at ?? null, answers[0]?.at ?? null, unread, plan.messages.filter((m) => m.who === 'them').length,
        lastAnswer >= 0 ? plan.messages[lastAnswer]!.at : null, last.at, last.text, last.who === 'them' ? 1 : 2]);
  }
}

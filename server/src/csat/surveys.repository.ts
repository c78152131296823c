import { Injectable } from '@nestjs/common';
import { answersProgram } from '../conversations/messages/answers-program.sql.js';
import type { CsatConfig } from '../inboxes/csat-config.dto.js';
import type { SystemTx, Tx } from '../platform/database/transaction.js';

/** One survey that was sent, with its answer. */
export interface SurveyRow {
  account_id: number; id: number; conversation_id: number; message_id: number; inbox_id: number; assigned_agent_id: number | null; team_id: number | null;
  sent_at: Date; answered_at: Date | null; updated_at: Date; rating: number | null; feedback_message: string | null;
}

/** What decides whether a resolved conversation is asked, and in which words. */
export interface SurveyOccasion {
  channel_type: string; csat_config: CsatConfig; uuid: string; labels: string[] | null; browser_language: string | null; account_locale: string; inbox_id: number;
  assignee_id: number | null; team_id: number | null;
}

/** A survey as its page shows it. */
export interface ShownSurvey extends SurveyRow {
  content: string | null; content_attributes: { display_type?: string } | null; message_created_at: Date; inbox_name: string; avatar_key: string | null; account_locale: string;
  browser_language: string | null; uuid: string; display_id: number;
}

/** Surveys of satisfaction, sent and answered. */
@Injectable()
export class SurveysRepository {
  /** Undefined when this conversation is not asked: not resolved any more, asked before, spam, muted, written by a program, or no person of ours has answered in it. */
  occasion(tx: Tx, conversationId: number): Promise<SurveyOccasion | undefined> {
    return tx.one<SurveyOccasion>(
      `SELECT i.channel_type, i.csat_config, c.uuid, c.inbox_id, c.assignee_id, c.team_id, a.locale AS account_locale, c.additional_attributes->>'browser_language' AS browser_language,
         (SELECT array_agg(l.title) FROM labels l WHERE l.account_id = c.account_id AND l.id = ANY (c.label_ids)) AS labels
       FROM conversations c JOIN accounts a ON a.id = c.account_id
       JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL AND i.csat_survey_enabled
       JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id AND NOT ct.blocked
       WHERE c.account_id = $1 AND c.id = $2 AND c.status = 1 AND c.first_reply_at IS NOT NULL AND NOT coalesce(c.additional_attributes ? 'spam', false)
         AND NOT EXISTS (SELECT FROM csat_surveys s WHERE s.account_id = $1 AND s.conversation_id = $2)
         AND NOT ${answersProgram('$1', '$2')}`, [tx.accountId, conversationId]);
  }

  async insert(tx: Tx, survey: { conversationId: number; messageId: number; at: string } & Pick<SurveyRow, 'inbox_id' | 'assigned_agent_id' | 'team_id'>): Promise<void> {
    await tx.sql(
      `INSERT INTO csat_surveys (account_id, conversation_id, message_id, inbox_id, assigned_agent_id, team_id, sent_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz)`,
      [tx.accountId, survey.conversationId, survey.messageId, survey.inbox_id, survey.assigned_agent_id, survey.team_id, survey.at]);
  }

  lockByMessage(tx: Tx, conversationId: number, messageId: number): Promise<SurveyRow | undefined> {
    return tx.one<SurveyRow>('SELECT * FROM csat_surveys WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3 FOR NO KEY UPDATE', [tx.accountId, conversationId, messageId]);
  }

  /** A program asked by itself: with the first answer it is a survey like others. Undefined when the conversation was asked before. */
  adopt(tx: Tx, conversationId: number, messageId: number): Promise<SurveyRow | undefined> {
    return tx.one<SurveyRow>(
      `INSERT INTO csat_surveys (account_id, conversation_id, message_id, inbox_id, assigned_agent_id, team_id, sent_at, updated_at)
       SELECT m.account_id, m.conversation_id, m.id, m.inbox_id, c.assignee_id, c.team_id, m.created_at, m.created_at
       FROM messages m JOIN conversations c ON c.account_id = m.account_id AND c.id = m.conversation_id WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3
       ON CONFLICT DO NOTHING RETURNING *`, [tx.accountId, conversationId, messageId]);
  }

  /** A later answer without words leaves those of the first. */
  async answer(tx: Tx, id: number, answer: { rating: number; feedback: string | null | undefined; now: Date }): Promise<SurveyRow> {
    return (await tx.one<SurveyRow>(
      `UPDATE csat_surveys SET rating = $3, feedback_message = CASE WHEN $4::boolean THEN $5 ELSE feedback_message END, answered_at = coalesce(answered_at, $6), updated_at = $6
       WHERE account_id = $1 AND id = $2 RETURNING *`, [tx.accountId, id, answer.rating, answer.feedback !== undefined, answer.feedback ?? null, answer.now]))!;
  }

  /** Whose conversation it is. */
  async placeOf(tx: SystemTx, uuid: string): Promise<{ account_id: number; id: number } | undefined> {
    return tx.one('SELECT account_id, id FROM conversations WHERE uuid = $1', [uuid]);
  }

  /** The survey of a conversation, unless its message was taken back. */
  shown(tx: Tx, conversationId: number): Promise<ShownSurvey | undefined> {
    return tx.one<ShownSurvey>(
      `SELECT s.*, m.content, m.content_attributes, m.created_at AS message_created_at, i.name AS inbox_name, i.avatar_key, a.locale AS account_locale, c.uuid, c.display_id,
         c.additional_attributes->>'browser_language' AS browser_language
       FROM csat_surveys s JOIN messages m ON m.account_id = s.account_id AND m.conversation_id = s.conversation_id AND m.id = s.message_id AND m.deleted_at IS NULL
       JOIN conversations c ON c.account_id = s.account_id AND c.id = s.conversation_id JOIN accounts a ON a.id = s.account_id
       JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
       WHERE s.account_id = $1 AND s.conversation_id = $2`, [tx.accountId, conversationId]);
  }
}

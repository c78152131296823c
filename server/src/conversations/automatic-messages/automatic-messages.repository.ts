import { Injectable } from '@nestjs/common';
import type { OfficeHours } from '../../inboxes/working-hours.js';
import type { Tx } from '../../platform/database/transaction.js';
import { answersProgram } from '../messages/answers-program.sql.js';

/** What decides which messages an inbox writes by itself. */
export interface Occasion extends OfficeHours {
  greeting_enabled: boolean; greeting_message: string | null; out_of_office_message: string | null; enable_email_collect: boolean; channel_type: string;
  /** What the contact wrote last was written by a program. */
  answers_program: boolean;
  /** Messages that inboxes wrote by themselves to this contact within the hour. */
  said_lately: number; has_email: boolean; browser_language: string | null; account_locale: string;
}

@Injectable()
export class AutomaticMessagesRepository {
  /** Undefined when the conversation is gone or spam, or its contact is muted. */
  occasion(tx: Tx, conversationId: number): Promise<Occasion | undefined> {
    return tx.one<Occasion>(
      `SELECT i.greeting_enabled, i.greeting_message, i.out_of_office_message, i.enable_email_collect, i.channel_type, i.working_hours_enabled, i.working_hours, i.timezone,
         ${answersProgram('$1', '$2')} AS answers_program,
         (SELECT count(*)::int FROM conversations o JOIN messages m ON m.account_id = o.account_id AND m.conversation_id = o.id AND m.message_type = 3 AND m.created_at > now() - interval '1 hour'
          WHERE o.account_id = $1 AND o.contact_id = c.contact_id AND o.last_activity_at > now() - interval '1 hour') AS said_lately,
         ct.email IS NOT NULL AS has_email, c.additional_attributes->>'browser_language' AS browser_language, a.locale AS account_locale
       FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
       JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id AND NOT ct.blocked JOIN accounts a ON a.id = c.account_id
       WHERE c.account_id = $1 AND c.id = $2 AND NOT coalesce(c.additional_attributes ? 'spam', false)`, [tx.accountId, conversationId]);
  }

  /** How a message of the contact stands to what people of ours have said. */
  talk(tx: Tx, conversationId: number, messageId: number): Promise<{ is_beginning: boolean; is_answered_now: boolean } | undefined> {
    return tx.one(
      `SELECT o.created_at IS NULL AS is_beginning, coalesce(o.created_at > m.created_at - interval '5 minutes', false) AS is_answered_now
       FROM messages m LEFT JOIN LATERAL (SELECT created_at FROM messages WHERE account_id = m.account_id AND conversation_id = m.conversation_id AND message_type = 1 AND NOT private ORDER BY id DESC LIMIT 1) o ON true
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3`, [tx.accountId, conversationId, messageId]);
  }

  async wasSaid(tx: Tx, conversationId: number, key: string): Promise<boolean> {
    return (await tx.sql('SELECT FROM messages WHERE account_id = $1 AND conversation_id = $2 AND message_type = 3 AND echo_id = $3', [tx.accountId, conversationId, key])).length > 0;
  }
}

import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { answersProgram } from '../../conversations/messages/answers-program.sql.js';
import type { Tx } from '../../platform/database/transaction.js';

/** Something that a contact said, and where. */
export interface Question { inbox_id: number; uuid: string; content: string | null; submitted: unknown; language: string }

/** What Dialogflow is asked, and what it answered already. */
@Injectable()
export class DialogflowRepository {
  /** What the contact wrote, or chose in `message_id`. Undefined when a person has it by now, when nobody wants to hear the contact, or when a program wrote it. */
  question(tx: Tx, conversationId: number, messageId: number, kind: 'written' | 'chosen'): Promise<Question | undefined> {
    return tx.one<Question>(
      `SELECT c.inbox_id, c.uuid, m.content, m.content_attributes->'submitted_values' AS submitted, coalesce(c.additional_attributes->>'browser_language', a.locale) AS language
       FROM messages m JOIN conversations c ON c.account_id = m.account_id AND c.id = m.conversation_id JOIN accounts a ON a.id = c.account_id
       JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3 AND c.status = ${Status.pending} AND NOT ct.blocked AND NOT ${answersProgram('$1', '$2')}
         AND CASE WHEN $4 = 'written' THEN m.message_type = 0 ELSE m.content_attributes ? 'submitted_values' END`, [tx.accountId, conversationId, messageId, kind]);
  }

  /** Whether what we wrote under this name is there. */
  async isAnswered(tx: Tx, conversationId: number, echo: string): Promise<boolean> {
    return (await tx.sql('SELECT FROM messages WHERE account_id = $1 AND conversation_id = $2 AND echo_id = $3', [tx.accountId, conversationId, echo])).length > 0;
  }
}

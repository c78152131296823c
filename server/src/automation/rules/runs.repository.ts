import { Injectable } from '@nestjs/common';
import { Params } from '../../platform/database/params.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';

export interface RunRow { id: number; display_id: number | null; matched: boolean; actions: string[]; errors: string[]; created_at: Date }
/** What became of a rule that was asked: whether it held, what it did, and a sentence for each thing that could not be done or judged. */
export interface Ran { matched: boolean; done: string[]; errors: string[] }
export interface DryMatch { display_id: number; contact_name: string; last_message_preview: string | null; last_activity_at: Date }

const SHOWN = 50;
const AROUND = `JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id`;

/** What rules have done, and what they would match. */
@Injectable()
export class RunsRepository {
  /** Begins a run; undefined when this rule has had this event already. */
  async begin(tx: Tx, ruleId: number, eventId: number, conversationId: number): Promise<number | undefined> {
    return (await tx.one<{ id: number }>(
      'INSERT INTO automation_runs (account_id, rule_id, event_id, conversation_id, matched) VALUES ($1, $2, $3, $4, false) ON CONFLICT DO NOTHING RETURNING id',
      [tx.accountId, ruleId, eventId, conversationId]))?.id;
  }

  async end(tx: Tx, id: number, { matched, done, errors }: Ran): Promise<void> {
    await tx.sql('UPDATE automation_runs SET matched = $5, actions = $3, errors = $4 WHERE account_id = $1 AND id = $2', [tx.accountId, id, JSON.stringify(done), JSON.stringify(errors), matched]);
  }

  /** How often the rule has acted on this conversation lately. */
  async recent(tx: Tx, ruleId: number, conversationId: number, since: Date): Promise<number> {
    return (await tx.one<{ n: number }>(
      'SELECT count(*)::int AS n FROM automation_runs WHERE account_id = $1 AND conversation_id = $2 AND rule_id = $3 AND matched AND created_at > $4', [tx.accountId, conversationId, ruleId, since]))!.n;
  }

  /** Whether the condition holds for a conversation and, if there is one, its message. */
  async matches(tx: Tx, conversationId: number, messageId: number | null, condition: (params: Params) => string): Promise<boolean> {
    const params = new Params();
    for (const value of [tx.accountId, conversationId, messageId]) params.add(value);
    return (await tx.sql(
      `SELECT FROM conversations c ${AROUND} LEFT JOIN messages m ON m.account_id = c.account_id AND m.conversation_id = c.id AND m.id = $3::bigint
       WHERE c.account_id = $1 AND c.id = $2 AND ${condition(params)}`, params.values)).length > 0;
  }

  /** The 50 newest conversations on which rules act, and whether each would match with the newest thing said in it. They act on no spam, and on nothing that an inbox says by itself. */
  dry(tx: Tx, condition: (params: Params) => string): Promise<(DryMatch & { matches: boolean })[]> {
    const params = new Params();
    params.add(tx.accountId);
    return tx.sql(
      `SELECT c.display_id, ct.name AS contact_name, c.last_message_preview, c.last_activity_at, coalesce(${condition(params)}, false) AS matches
       FROM (SELECT * FROM conversations WHERE account_id = $1 AND inbox_id IN (SELECT id FROM inboxes WHERE account_id = $1 AND deleted_at IS NULL)
         AND NOT coalesce(additional_attributes ? 'spam', false) ORDER BY id DESC LIMIT ${SHOWN}) c ${AROUND}
       LEFT JOIN LATERAL (SELECT * FROM messages m WHERE m.account_id = c.account_id AND m.conversation_id = c.id AND m.message_type IN (0, 1) ORDER BY m.id DESC LIMIT 1) m ON true ORDER BY c.last_activity_at DESC, c.id DESC`, params.values);
  }

  /** The newest 50 of a rule, or those before one: what matched, and what failed. */
  list(tx: Tx, ruleId: number, before: number | undefined): Promise<RunRow[]> {
    return tx.sql<RunRow>(
      `SELECT r.id, c.display_id, r.matched, r.actions, r.errors, r.created_at FROM automation_runs r LEFT JOIN conversations c ON c.account_id = r.account_id AND c.id = r.conversation_id
       WHERE r.account_id = $1 AND r.rule_id = $2 AND r.id < $3 ORDER BY r.id DESC LIMIT ${SHOWN}`, [tx.accountId, ruleId, before ?? Number.MAX_SAFE_INTEGER]);
  }

  /** What did not match is of use for a day, what did for a month. */
  async forgetOld(tx: SystemTx, now: Date): Promise<void> {
    await tx.sql(`DELETE FROM automation_runs WHERE created_at < $1::timestamptz - CASE WHEN matched THEN interval '30 days' ELSE interval '1 day' END`, [now]);
  }

  /** Whether a message is something said: no activity line, nothing an inbox says by itself. */
  async isSaid(tx: Tx, conversationId: number, messageId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM messages WHERE account_id = $1 AND conversation_id = $2 AND id = $3 AND message_type IN (0, 1)', [tx.accountId, conversationId, messageId])).length > 0;
  }
}

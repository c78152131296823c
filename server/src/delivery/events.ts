import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';
import type { NewEvent } from './event-types.js';
import { RelayWake } from './relay-wake.js';

/** The outbox: an event is appended in the transaction that makes it true, and nothing is told before the commit. */
@Injectable()
export class Events {
  constructor(private readonly wake: RelayWake) {}

  /** Appends in the given transaction. Call it after the conversation's row is locked, or its events may change places. */
  async append(tx: Tx, ...events: NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await tx.prepared(
      `INSERT INTO events (account_id, type, payload, conversation_id, actor_id)
       SELECT $1, e.type, e.payload, e.conversation_id, e.actor_id
       FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (type text, payload jsonb, conversation_id bigint, actor_id bigint))
         WITH ORDINALITY AS e(type, payload, conversation_id, actor_id, n) ORDER BY e.n`,
      [tx.accountId, JSON.stringify(events.map((e) => ({ type: e.type, payload: tx.cause ? { ...e.payload, caused_by: tx.cause } : e.payload, conversation_id: e.conversationId ?? null, actor_id: e.actorId ?? null })))]);
    tx.afterCommit(() => this.wake.wake());
  }

  /** Takes out of the events what was said of these people and conversations before it changed; it goes with them. */
  async forgetChanges(tx: Tx, { contacts = [], conversations = [] }: { contacts?: readonly number[]; conversations?: readonly number[] }): Promise<void> {
    if (contacts.length + conversations.length > 0) await tx.sql('SELECT forget_event_changes($1::bigint[], $2::bigint[])', [contacts, conversations]);
  }
}

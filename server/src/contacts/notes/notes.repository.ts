import { Injectable } from '@nestjs/common';
import { AGENT_COLUMNS, type AgentRow } from '../../identity/agents/agent.presenter.js';
import type { Tx } from '../../platform/database/transaction.js';

/** A note with who wrote it, while they are here. */
export interface NoteRow { id: number; contact_id: number; content: string; created_at: Date; updated_at: Date; author: AgentRow | null }

const SHOWN = 200;
const NOTE = `SELECT n.id, n.contact_id, n.content, n.created_at, n.updated_at, CASE WHEN au.user_id IS NULL THEN NULL ELSE (SELECT to_jsonb(a) FROM (SELECT ${AGENT_COLUMNS}) a) END AS author
  FROM contact_notes n LEFT JOIN account_users au ON au.account_id = n.account_id AND au.user_id = n.user_id LEFT JOIN users u ON u.id = au.user_id WHERE n.account_id = $1 AND n.contact_id = $2`;

/** What colleagues have written down about people. */
@Injectable()
export class NotesRepository {
  /** The newest 200, newest first. */
  list(tx: Tx, contactId: number): Promise<NoteRow[]> {
    return tx.sql<NoteRow>(`${NOTE} ORDER BY n.id DESC LIMIT ${SHOWN}`, [tx.accountId, contactId]);
  }

  find(tx: Tx, contactId: number, id: number): Promise<NoteRow | undefined> {
    return tx.one<NoteRow>(`${NOTE} AND n.id = $3`, [tx.accountId, contactId, id]);
  }

  async insert(tx: Tx, contactId: number, userId: number, content: string): Promise<number> {
    return (await tx.one<{ id: number }>('INSERT INTO contact_notes (account_id, contact_id, user_id, content) VALUES ($1, $2, $3, $4) RETURNING id', [tx.accountId, contactId, userId, content]))!.id;
  }

  async update(tx: Tx, contactId: number, id: number, content: string): Promise<void> {
    await tx.sql('UPDATE contact_notes SET content = $4, updated_at = now() WHERE account_id = $1 AND contact_id = $2 AND id = $3', [tx.accountId, contactId, id, content]);
  }

  /** False when there is none. */
  async remove(tx: Tx, contactId: number, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM contact_notes WHERE account_id = $1 AND contact_id = $2 AND id = $3 RETURNING id', [tx.accountId, contactId, id])).length > 0;
  }
}

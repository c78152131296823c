import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';
import type { CreateLabel, UpdateLabel } from './label.dto.js';

export interface LabelRow { id: number; title: string; description: string | null; color: string; show_on_sidebar: boolean }

const COLUMNS = 'id, title, description, color, show_on_sidebar';

/** The labels of an account: what conversations and people are tagged with. */
@Injectable()
export class LabelsRepository {
  list(tx: Tx): Promise<LabelRow[]> {
    return tx.sql<LabelRow>(`SELECT ${COLUMNS} FROM labels WHERE account_id = $1 ORDER BY title`, [tx.accountId]);
  }

  find(tx: Tx, id: number): Promise<LabelRow | undefined> {
    return tx.one<LabelRow>(`SELECT ${COLUMNS} FROM labels WHERE account_id = $1 AND id = $2`, [tx.accountId, id]);
  }

  /** Undefined when the title is taken. What only came to be because something was tagged with it is nobody's yet: it becomes this label, and stays where it is. */
  insert(tx: Tx, label: CreateLabel): Promise<LabelRow | undefined> {
    return tx.one<LabelRow>(
      `INSERT INTO labels (account_id, title, description, color, show_on_sidebar) VALUES ($1, $2, $3, coalesce($4, '#a8a29e'), coalesce($5, true))
       ON CONFLICT (account_id, title) DO UPDATE SET description = EXCLUDED.description, color = EXCLUDED.color, show_on_sidebar = EXCLUDED.show_on_sidebar, updated_at = now()
         WHERE labels.description IS NULL AND labels.color = '#a8a29e' AND NOT labels.show_on_sidebar
       RETURNING ${COLUMNS}`, [tx.accountId, label.title, label.description ?? null, label.color ?? null, label.show_on_sidebar ?? null]);
  }

  async isTitleTaken(tx: Tx, title: string, exceptId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM labels WHERE account_id = $1 AND title = $2 AND id <> $3', [tx.accountId, title, exceptId])).length > 0;
  }

  update(tx: Tx, id: number, label: UpdateLabel): Promise<LabelRow | undefined> {
    return tx.one<LabelRow>(
      `UPDATE labels SET title = coalesce($3, title), description = CASE WHEN $4 THEN $5 ELSE description END, color = coalesce($6, color),
         show_on_sidebar = coalesce($7, show_on_sidebar), updated_at = now()
       WHERE account_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
      [tx.accountId, id, label.title ?? null, label.description !== undefined, label.description ?? null, label.color ?? null, label.show_on_sidebar ?? null]);
  }

  /** Removes the label itself; what carried it forgets it later, and shows it no more at once. False when there is none. */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM labels WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }

  async exists(tx: Tx, title: string): Promise<boolean> {
    return (await tx.sql('SELECT FROM labels WHERE account_id = $1 AND title = $2', [tx.accountId, title])).length > 0;
  }

  /** Those of these titles that are labels. */
  known(tx: Tx, titles: string[]): Promise<LabelRow[]> {
    return tx.sql<LabelRow>(`SELECT ${COLUMNS} FROM labels WHERE account_id = $1 AND title = ANY ($2)`, [tx.accountId, titles]);
  }

  /** The labels with these titles; titles without a label get one. Answers in no order. */
  async named(tx: Tx, titles: string[]): Promise<LabelRow[]> {
    if (titles.length === 0) return [];
    await tx.sql('INSERT INTO labels (account_id, title, show_on_sidebar) SELECT $1, t, false FROM unnest($2::text[]) t ORDER BY t ON CONFLICT (account_id, title) DO NOTHING', [tx.accountId, titles]);
    return this.known(tx, titles);
  }
}

import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { CreateCannedResponse, UpdateCannedResponse } from './canned-response.dto.js';

export interface CannedResponseRow { account_id: number; id: number; created_at: Date; updated_at: Date; short_code: string; content: string }

/** Answers that are written once and used often. */
@Injectable()
export class CannedResponsesRepository {
  /** Codes that begin with the text first, then codes that hold it, then contents that do. */
  list(tx: Tx, search: string): Promise<CannedResponseRow[]> {
    return tx.sql<CannedResponseRow>(
      `SELECT * FROM canned_responses WHERE account_id = $1 AND ($2 = '' OR strpos(lower(short_code), lower($2)) > 0 OR strpos(lower(content), lower($2)) > 0)
       ORDER BY CASE WHEN starts_with(lower(short_code), lower($2)) THEN 0 WHEN strpos(lower(short_code), lower($2)) > 0 THEN 1 ELSE 2 END, short_code`, [tx.accountId, search]);
  }

  /** Undefined when the code is taken. */
  insert(tx: Tx, given: CreateCannedResponse): Promise<CannedResponseRow | undefined> {
    return tx.one<CannedResponseRow>('INSERT INTO canned_responses (account_id, short_code, content) VALUES ($1, $2, $3) ON CONFLICT (account_id, short_code) DO NOTHING RETURNING *',
      [tx.accountId, given.short_code, given.content]);
  }

  async isCodeTaken(tx: Tx, code: string, exceptId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM canned_responses WHERE account_id = $1 AND short_code = $2 AND id <> $3', [tx.accountId, code, exceptId])).length > 0;
  }

  update(tx: Tx, id: number, given: UpdateCannedResponse): Promise<CannedResponseRow | undefined> {
    return tx.one<CannedResponseRow>(
      'UPDATE canned_responses SET short_code = coalesce($3, short_code), content = coalesce($4, content), updated_at = now() WHERE account_id = $1 AND id = $2 RETURNING *',
      [tx.accountId, id, given.short_code ?? null, given.content ?? null]);
  }

  /** False when there is none. */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM canned_responses WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }
}

import { Injectable } from '@nestjs/common';
import { DeadLetters, type DeadLetterRow, type LetterScope } from '../delivery/dead-letters.repository.js';
import { Jobs } from '../delivery/job.js';
import { notFound } from '../platform/http/problem.js';
import { PER_PAGE, type DeadLetter, type DeadLetterList } from './dead-letter.dto.js';

/** What a person does with work that was given up: looks, starts it again, or lets it go. */
@Injectable()
export class DeadLetterDesk {
  constructor(private readonly letters: DeadLetters, private readonly jobs: Jobs) {}

  async list(scope: LetterScope, page: number): Promise<DeadLetterList> {
    const [rows, count] = await Promise.all([this.letters.unresolved(scope, PER_PAGE, (page - 1) * PER_PAGE), this.letters.countUnresolved(scope)]);
    return { meta: { count, current_page: page }, payload: rows.map(present) };
  }

  /** Throws 404 for letters that are resolved, or outside the scope. */
  async retry(scope: LetterScope, id: number): Promise<void> {
    if (!await this.letters.retry(scope, id, this.jobs)) throw notFound();
  }

  async discard(scope: LetterScope, id: number): Promise<void> {
    if (!await this.letters.discard(scope, id)) throw notFound();
  }
}

function present(row: DeadLetterRow): DeadLetter {
  const event = row.payload['type'];
  return {
    id: row.id, account_id: row.account_id === 0 ? null : row.account_id, work: row.job.replace(/^subscriber /, ''), event: typeof event === 'string' ? event : null,
    error: row.error, attempts: row.attempts, created_at: Math.floor(row.created_at.getTime() / 1_000),
  };
}

import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { notFound } from '../../platform/http/problem.js';
import type { DimensionName } from '../counting/tally.js';
import { ReportFactsRepository } from './report-facts.repository.js';

/** Finds what a report is about. */
@Injectable()
export class ReportSubject {
  constructor(private readonly facts: ReportFactsRepository) {}

  /** The id its sums are kept under. The account itself needs none; anything else must be there. */
  async idOf(tx: Tx, type: DimensionName, given: string | undefined): Promise<number> {
    if (type === 'account') return 0;
    const id = /^\d{1,15}$/.test(given ?? '') ? Number(given) : 0;
    if (id === 0 || !await this.facts.exists(tx, type, id)) throw notFound();
    return id;
  }
}

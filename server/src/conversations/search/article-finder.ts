import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Tx } from '../../platform/database/transaction.js';
import type { FoundArticle } from './search.dto.js';

/** Finds what is written in help centres. */
export interface ArticleSource {
  /** Published articles with these words, the one written last first. */
  find(tx: Tx, q: string, page: { offset: number; limit: number }): Promise<z.infer<typeof FoundArticle>[]>;
}

/** Where the knowledge base registers, so that the search of everything finds its articles too. */
@Injectable()
export class ArticleFinder {
  private source: ArticleSource | undefined;

  provide(source: ArticleSource): void {
    this.source = source;
  }

  find(tx: Tx, q: string, page: { offset: number; limit: number }): Promise<z.infer<typeof FoundArticle>[]> {
    return this.source ? this.source.find(tx, q, page) : Promise.resolve([]);
  }
}

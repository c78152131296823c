import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ArticleFinder, type ArticleSource } from '../../conversations/search/article-finder.js';
import type { FoundArticle } from '../../conversations/search/search.dto.js';
import type { Tx } from '../../platform/database/transaction.js';
import { ArticlesRepository } from './articles.repository.js';

/** Published articles of all help centres that are open, for the search of everything. */
@Injectable()
export class FindArticles implements ArticleSource {
  constructor(private readonly articles: ArticlesRepository, finder: ArticleFinder) {
    finder.provide(this);
  }

  async find(tx: Tx, q: string, page: { offset: number; limit: number }): Promise<z.infer<typeof FoundArticle>[]> {
    return (await this.articles.search(tx, q, page)).map(({ updated_at, ...row }) => ({ ...row, status: 'published' as const, updated_at: Math.floor(updated_at.getTime() / 1000) }));
  }
}

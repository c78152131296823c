import type { LocationQuery } from 'vue-router';
import { STATUSES, type ArticleStatus, type Portal } from '../knowledge.api';

/** What articles are looked at; '' leaves a thing open. */
export interface Filter { locale: string; status: ArticleStatus | ''; category: string; author: string; q: string; page: number }

/** Reads the filter from an address; what is unknown there is left open. */
export function filterOf(query: LocationQuery, portal: Pick<Portal, 'config'>): Filter {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const known = portal.config.allowed_locales.some(({ code }) => code === text('locale'));
  return {
    locale: known ? text('locale') : portal.config.default_locale, status: STATUSES.find((status) => status === text('status')) ?? '', category: text('category'), author: /^\d{1,15}$/.test(text('author')) ? text('author') : '',
    q: text('q').slice(0, 200), page: Math.max(1, Math.min(10_000, Math.trunc(Number(text('page'))) || 1)),
  };
}
export const isNarrowed = (filter: Filter): boolean => Boolean(filter.status || filter.category || filter.author || filter.q);

import type { components } from '../../api/generated';
import { accountPath, http } from '../../api/http';
import type { Id } from '../../api/types';

type Schemas = components['schemas'];
export type Portal = Schemas['Portal'];
export type Category = Schemas['HelpCategory'];
export type Article = Schemas['HelpArticle'];
export type ArticleStatus = Article['status'];
export const STATUSES = ['draft', 'published', 'archived'] as const;
export const PER_PAGE = 25;

export interface PortalChanges {
  name?: string; slug?: string; color?: string | null; custom_domain?: string | null; header_text?: string | null; homepage_link?: string | null; page_title?: string | null; archived?: boolean;
  config?: { allowed_locales?: string[]; default_locale?: string; draft_locales?: string[] };
}
export interface CategoryChanges { name?: string; slug?: string; locale?: string; description?: string | null; icon?: string; associated_category_id?: Id | null }
export interface ArticleChanges {
  title?: string; content?: string; description?: string | null; slug?: string; locale?: string; category_id?: Id | null; associated_article_id?: Id | null; status?: ArticleStatus; author_id?: Id; expected_version?: number;
}
export interface ArticleFilter { page: number; locale?: string; status?: ArticleStatus; category_slug?: string; author_id?: Id; query?: string }
interface Wrapped<T> { payload: T }
const unwrap = <T>(answer: Wrapped<T>): T => answer.payload;
const path = (account: Id, portal?: string, rest = '') => accountPath(account, `portals${portal === undefined ? '' : `/${encodeURIComponent(portal)}`}${rest}`);

export const fetchPortals = (account: Id) => http.get<Wrapped<Portal[]>>(path(account)).then(unwrap);
export const fetchPortal = (account: Id, slug: string) => http.get<Portal>(path(account, slug));
export const savePortal = (account: Id, slug: string | undefined, changes: PortalChanges) => (slug === undefined ? http.post<Portal>(path(account), changes) : http.patch<Portal>(path(account, slug), changes));
export const deletePortal = (account: Id, slug: string) => http.delete(path(account, slug));

export const fetchCategories = (account: Id, portal: string) => http.get<Wrapped<Category[]>>(path(account, portal, '/categories')).then(unwrap);
export const saveCategory = (account: Id, portal: string, id: Id | undefined, changes: CategoryChanges) =>
  (id === undefined ? http.post<Wrapped<Category>>(path(account, portal, '/categories'), changes) : http.patch<Wrapped<Category>>(path(account, portal, `/categories/${id}`), changes)).then(unwrap);
export const deleteCategory = (account: Id, portal: string, id: Id) => http.delete(path(account, portal, `/categories/${id}`));
export const orderCategories = (account: Id, portal: string, ids: Id[]) => http.post(path(account, portal, '/categories/reorder'), { positions_hash: positions(ids) });

export const fetchArticles = (account: Id, portal: string, query: ArticleFilter) => http.get<Wrapped<Article[]> & { meta: { articles_count: number } }>(path(account, portal, '/articles'), { query: { ...query } });
export const fetchArticle = (account: Id, portal: string, id: Id) => http.get<Wrapped<Article>>(path(account, portal, `/articles/${id}`)).then(unwrap);
export const createArticle = (account: Id, portal: string, article: ArticleChanges) => http.post<Wrapped<Article>>(path(account, portal, '/articles'), article).then(unwrap);
export const changeArticle = (account: Id, portal: string, id: Id, changes: ArticleChanges) => http.patch<Wrapped<Article>>(path(account, portal, `/articles/${id}`), changes).then(unwrap);
export const deleteArticle = (account: Id, portal: string, id: Id) => http.delete(path(account, portal, `/articles/${id}`));
export const orderArticles = (account: Id, portal: string, ids: Id[], first: number) => http.post(path(account, portal, '/articles/reorder'), { positions_hash: positions(ids, first) });
/** The text as the public page shows it. */
export const previewArticle = (account: Id, portal: string, content: string) => http.post<{ html: string }>(path(account, portal, '/articles/preview'), { content }).then(({ html }) => html);
/** Answers where readers find the picture. */
export function uploadPicture(account: Id, portal: string, file: File, onProgress: (percent: number) => void): Promise<string> {
  const form = new FormData();
  form.append('picture', file, file.name);
  return http.upload<{ file_url: string }>('POST', path(account, portal, '/articles/pictures'), form, { onProgress }).then(({ file_url }) => file_url);
}

const positions = (ids: Id[], first = 1) => Object.fromEntries(ids.map((id, at) => [id, first + at]));

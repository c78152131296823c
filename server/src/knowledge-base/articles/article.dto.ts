import { z } from 'zod';
import { localeName } from '../../identity/accounts/place.dto.js';
import { flatOrWrapped, formInt, formJson, freeObject, line, pageNumber, text } from '../../platform/http/schema-fields.js';
import { receivedImage } from '../../platform/storage/avatars.js';
import { slugText } from '../slug.js';

export const ARTICLE_STATUSES = ['draft', 'published', 'archived'] as const;
const status = z.preprocess((v) => (typeof v === 'number' || (typeof v === 'string' && /^\d$/.test(v)) ? ARTICLE_STATUSES[Number(v)] : v), z.enum(ARTICLE_STATUSES));
const fields = {
  slug: slugText.optional(), position: formInt.pipe(z.int().min(0).max(1_000_000)).optional(), content: text(200_000).nullish(), description: text(2_000).nullish(), category_id: formInt.nullish(), author_id: formInt.optional(),
  associated_article_id: formInt.nullish(), status: status.optional(), meta: formJson(freeObject).optional(),
};
export const CreateArticle = flatOrWrapped('article', z.object({ title: line(255), locale: localeName.optional(), ...fields })).meta({ id: 'CreateArticle' });
export type CreateArticle = z.infer<typeof CreateArticle>;
export const UpdateArticle = flatOrWrapped('article', z.object({
  title: line(255).optional(), ...fields,
  /** The text this change was made from; 409 when it has been written by somebody else since. */
  expected_version: formInt.optional(),
})).meta({ id: 'UpdateArticle' });
export type UpdateArticle = z.infer<typeof UpdateArticle>;
export const PreviewArticle = z.object({ content: text(200_000).nullish() }).meta({ id: 'PreviewArticle' });
export const ArticlePreview = z.object({ html: z.string() }).meta({ id: 'ArticlePreview' });
export const ArticlePicture = z.object({ picture: receivedImage.optional() }).meta({ id: 'UploadArticlePicture' });
export const StoredPicture = z.object({ file_url: z.string() }).meta({ id: 'ArticlePicture' });
export const ArticlesQuery = z.object({
  page: pageNumber.pipe(z.int().max(10_000)).default(1), locale: localeName.optional(), status: status.optional(), category_slug: line(120).optional(), author_id: formInt.optional(), query: text(200).optional(),
});
export type ArticlesQuery = z.infer<typeof ArticlesQuery>;

const other = z.object({ id: z.int(), title: z.string(), slug: z.string(), locale: z.string(), status: z.enum(ARTICLE_STATUSES) });
export const ArticleSchema = z.object({
  id: z.int(), slug: z.string(), title: z.string(), content: z.string().nullable(), description: z.string().nullable(), status: z.enum(ARTICLE_STATUSES), position: z.int(), account_id: z.int(), updated_at: z.int(), version: z.int(), locale: z.string(),
  meta: z.record(z.string(), z.unknown()), views: z.int(), associated_article_id: z.int().nullable(), associated_articles: z.array(other),
  category: z.object({ id: z.int().nullable(), name: z.string().nullable(), slug: z.string().nullable(), locale: z.string().nullable(), icon: z.string().nullable() }),
  author: z.object({ id: z.int(), name: z.string(), available_name: z.string(), email: z.string(), thumbnail: z.string() }).optional(),
}).meta({ id: 'HelpArticle' });
export type WireArticle = z.infer<typeof ArticleSchema>;
export const OneArticle = z.object({ payload: ArticleSchema });
export const ArticleList = z.object({ payload: z.array(ArticleSchema), meta: z.object({ current_page: z.int(), articles_count: z.int() }) });

import { z } from 'zod';
import { localeName } from '../../identity/accounts/place.dto.js';
import { flatOrWrapped, formInt, line, text } from '../../platform/http/schema-fields.js';
import { slugText } from '../slug.js';

const position = formInt.pipe(z.int().min(0).max(1_000_000));
const fields = {
  description: text(2_000).nullish(), position: position.optional(), icon: text(64).nullish(), icon_color: text(32).nullish(), parent_category_id: formInt.nullish(), associated_category_id: formInt.nullish(),
};
export const CreateCategory = flatOrWrapped('category', z.object({ name: line(255), slug: slugText.optional(), locale: localeName.optional(), ...fields })).meta({ id: 'CreateCategory' });
export type CreateCategory = z.infer<typeof CreateCategory>;
export const UpdateCategory = flatOrWrapped('category', z.object({ name: line(255).optional(), slug: slugText.optional(), ...fields })).meta({ id: 'UpdateCategory' });
export type UpdateCategory = z.infer<typeof UpdateCategory>;
export const CategoriesQuery = z.object({ locale: localeName.optional() });

export const CategorySchema = z.object({
  id: z.int(), name: z.string(), slug: z.string(), locale: z.string(), description: z.string().nullable(), position: z.int(), account_id: z.int(), icon: z.string(), icon_color: z.string(),
  parent_category_id: z.int().nullable(), associated_category_id: z.int().nullable(), related_categories: z.array(z.object({ id: z.int(), name: z.string(), slug: z.string(), locale: z.string() })),
  meta: z.object({ articles_count: z.int() }),
}).meta({ id: 'HelpCategory' });
export type WireCategory = z.infer<typeof CategorySchema>;
export const OneCategory = z.object({ payload: CategorySchema });
export const CategoryList = z.object({ payload: z.array(CategorySchema), meta: z.object({ current_page: z.int(), categories_count: z.int() }) });

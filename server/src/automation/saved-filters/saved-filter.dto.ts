import { z } from 'zod';
import { Condition, MAX_CONDITIONS, OPERATORS } from '../../platform/filters/filter.dto.js';
import { flatOrWrapped, formJson, freeObject, line } from '../../platform/http/schema-fields.js';

export const FILTER_TYPES = ['conversation', 'contact', 'report'] as const;
const typeName = z.preprocess((v) => (v === 0 || v === 1 || v === 2 ? FILTER_TYPES[v] : v), z.enum(FILTER_TYPES));
const SavedLine = Condition.extend({ filter_operator: z.enum(OPERATORS), query_operator: z.string().regex(/^(and|or)?$/i, 'must be either "AND" or "OR"').nullish() });
const lines = z.array(SavedLine).max(MAX_CONDITIONS);
/** Reports keep what they like; the lines of a filter are lines wherever there are some. Which attributes they name is looked at when the filter is used: attributes come and go. */
const query = formJson(freeObject.superRefine(({ payload }, context) => {
  if (payload === undefined) return;
  for (const { path, message } of lines.safeParse(payload).error?.issues ?? []) context.addIssue({ code: 'custom', path: ['payload', ...path], message });
}));
/** `type` is what the published description calls it; clients really send `filter_type`. */
export const CreateSavedFilter = flatOrWrapped('custom_filter', z.object({ name: line(255), filter_type: typeName.optional(), type: typeName.optional(), query }));
export type CreateSavedFilter = z.infer<typeof CreateSavedFilter>;
export const UpdateSavedFilter = flatOrWrapped('custom_filter', z.object({ name: line(255).optional(), filter_type: typeName.optional(), type: typeName.optional(), query: query.optional() }));
export type UpdateSavedFilter = z.infer<typeof UpdateSavedFilter>;
export const SavedFilterQuery = z.object({ filter_type: typeName.optional() });
export const SavedFilterSchema = z.object({
  id: z.int(), name: z.string(), filter_type: z.enum(FILTER_TYPES), query: z.record(z.string(), z.unknown()), created_at: z.string(), updated_at: z.string(),
}).meta({ id: 'SavedFilter' });
export type WireSavedFilter = z.infer<typeof SavedFilterSchema>;

import { z } from 'zod';
import { flatOrWrapped, formBool, formList, line, text } from '../platform/http/schema-fields.js';

/** Stored lower-case; letters of any script, digits, - and _ only, so that it can stand in a query and after a #. */
export const labelTitle = z.string().trim().toLowerCase().min(1, 'cannot be empty').max(100).regex(/^[\p{L}\p{M}\p{N}_-]+$/u, 'may hold letters, digits, - and _ only');

/** The title of a label put on something, which need not exist: spaces become hyphens, as in Chatwoot's dashboard, and what is left keeps to the rule above. */
export const labelTag = line(100).trim().toLowerCase().transform((given) => given.replace(/\s+/g, '-')).pipe(labelTitle);
/** Labels put on something. */
export const LabelTitles = z.object({ labels: formList(labelTag, 100) });
export type LabelTitles = z.infer<typeof LabelTitles>;
export const LabelTitleList = z.object({ payload: z.array(z.string()) });

const fields = { description: text(1000).nullish(), color: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour like #1f93ff').optional(), show_on_sidebar: formBool.optional() };
export const CreateLabel = flatOrWrapped('label', z.object({ title: labelTitle, ...fields }));
export type CreateLabel = z.infer<typeof CreateLabel>;
export const UpdateLabel = flatOrWrapped('label', z.object({ title: labelTitle.optional(), ...fields }));
export type UpdateLabel = z.infer<typeof UpdateLabel>;

export const LabelSchema = z.object({
  id: z.int(), title: z.string(), description: z.string().nullable(), color: z.string(), show_on_sidebar: z.boolean(),
}).meta({ id: 'Label' });
export const LabelList = z.object({ payload: z.array(LabelSchema) });

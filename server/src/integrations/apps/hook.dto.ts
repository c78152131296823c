import { z } from 'zod';
import { flatOrWrapped, formInt, formJson, freeObject, line } from '../../platform/http/schema-fields.js';

const status = z.preprocess((v) => (v === 0 || v === '0' || v === 'false' ? false : v === 1 || v === '1' || v === 'true' ? true : v), z.boolean());
export const CreateHook = flatOrWrapped('hook', z.object({ app_id: line(64), inbox_id: formInt.nullish(), status: status.optional(), settings: formJson(freeObject).optional() })).meta({ id: 'CreateHook' });
export type CreateHook = z.infer<typeof CreateHook>;
export const UpdateHook = flatOrWrapped('hook', z.object({ status: status.optional(), settings: formJson(freeObject).optional() })).meta({ id: 'UpdateHook' });
export type UpdateHook = z.infer<typeof UpdateHook>;

export const HookSchema = z.object({
  id: z.int(), app_id: z.string(), status: z.boolean(), inbox: z.object({ id: z.int(), name: z.string() }).nullable(), account_id: z.int(), hook_type: z.enum(['account', 'inbox']),
  settings: z.record(z.string(), z.unknown()), reference_id: z.string().nullable(),
  /** Why it was switched off by itself. */
  stopped_because: z.string().nullable(),
}).meta({ id: 'IntegrationHook' });
export type WireHook = z.infer<typeof HookSchema>;
export const AppList = z.object({
  payload: z.array(z.object({
    id: z.string(), name: z.string(), description: z.string(), short_description: z.string(), enabled: z.boolean(), hook_type: z.enum(['account', 'inbox']), allow_multiple_hooks: z.boolean(), action: z.string().nullable(),
    hooks: z.array(HookSchema),
    settings_form_schema: z.array(z.object({ name: z.string(), label: z.string(), type: z.enum(['text', 'textarea']), required: z.boolean(), secret: z.boolean() })),
  }).meta({ id: 'IntegrationApp' })),
});
export type AppList = z.infer<typeof AppList>;

import { z } from 'zod';
import { flatOrWrapped, formInt, formList, line } from '../../platform/http/schema-fields.js';
import { TOKEN_SCOPES } from '../access/token-areas.js';

const scope = z.enum(TOKEN_SCOPES);
/** Five years. */
const MOST_DAYS = 1_825;

export const CreateScopedToken = flatOrWrapped('scoped_token', z.object({
  name: line(100), scopes: formList(scope, 50).refine((list) => list.length > 0, 'cannot be empty').transform((list) => [...new Set(list)].sort()),
  expires_in_days: formInt.pipe(z.int().min(1).max(MOST_DAYS)).nullish(),
})).meta({ id: 'CreateScopedToken' });
export type CreateScopedToken = z.infer<typeof CreateScopedToken>;

export const ScopedTokenSchema = z.object({
  id: z.int(), name: z.string(), scopes: z.array(scope), hint: z.string(), user: z.object({ id: z.int(), name: z.string(), email: z.string() }),
  created_at: z.int(), expires_at: z.int().nullable(), is_expired: z.boolean(), last_used_at: z.int().nullable(), last_used_ip: z.string().nullable(),
}).meta({ id: 'ScopedToken' });
export type WireScopedToken = z.infer<typeof ScopedTokenSchema>;
export const MadeScopedToken = ScopedTokenSchema.extend({ token: z.string() }).meta({ id: 'MadeScopedToken' });
export type MadeScopedToken = z.infer<typeof MadeScopedToken>;
export const ScopedTokenList = z.object({ payload: z.array(ScopedTokenSchema) });

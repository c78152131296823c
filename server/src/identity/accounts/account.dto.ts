import { z } from 'zod';
import { email, flatOrWrapped, formBool, formInt, line, text } from '../../platform/http/schema-fields.js';
import { localeName, timezoneName } from './place.dto.js';

const cacheKeys = z.object({ label: z.string(), inbox: z.string(), team: z.string() });
export const CacheKeys = z.object({ cache_keys: cacheKeys });
export type CacheKeys = z.infer<typeof CacheKeys>;

export const Account = z.object({
  id: z.int(), name: z.string(), locale: z.string(), timezone: z.string(), domain: z.string().nullable(), support_email: z.string().nullable(), status: z.enum(['active', 'suspended']),
  created_at: z.string(), settings: z.record(z.string(), z.unknown()), custom_attributes: z.record(z.string(), z.unknown()).optional(), features: z.record(z.string(), z.boolean()),
  cache_keys: cacheKeys, latest_chatwoot_version: z.string().nullable().optional(),
}).meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

const emptyAsNull = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' ? null : v), schema.nullable());
const hostName = z.string().trim().toLowerCase().max(253).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'is not a domain');

export const AccountChanges = flatOrWrapped('account', z.object({
  name: line(255).optional(), locale: localeName.optional(), timezone: timezoneName.optional(), domain: emptyAsNull(hostName).optional(), support_email: emptyAsNull(email).optional(),
  auto_resolve_after: emptyAsNull(formInt.pipe(z.int().min(10).max(1_439_856))).optional(), auto_resolve_message: emptyAsNull(text(5000)).optional(),
  auto_resolve_ignore_waiting: formBool.optional(), audit_log_days: emptyAsNull(formInt.pipe(z.int().min(30).max(3_650))).optional(), industry: emptyAsNull(text(255)).optional(), company_size: emptyAsNull(text(255)).optional(),
})).meta({ id: 'AccountChanges' });
export type AccountChanges = z.infer<typeof AccountChanges>;

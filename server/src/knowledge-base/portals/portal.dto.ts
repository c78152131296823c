import { z } from 'zod';
import { localeName } from '../../identity/accounts/place.dto.js';
import { flatOrWrapped, formBool, formJson, formList, line, text } from '../../platform/http/schema-fields.js';
import { slugText } from '../slug.js';

const emptyAsNull = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' ? null : v), schema.nullable());
const color = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour');
const hostName = z.string().trim().toLowerCase().max(253).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'is not a domain');
const pageAddress = line(2_048).refine((v) => URL.canParse(v) && /^https?:$/.test(new URL(v).protocol), 'is not the address of a page');
// Clients send back what they were shown: objects with a code.
const locale = z.preprocess((v) => (typeof v === 'object' && v !== null && 'code' in v ? v.code : v), localeName);
const config = formJson(z.object({ allowed_locales: formList(locale, 50).optional(), default_locale: localeName.optional(), draft_locales: formList(locale, 50).optional() }));
const fields = {
  color: emptyAsNull(color).optional(), custom_domain: emptyAsNull(hostName).optional(), header_text: emptyAsNull(text(1_000)).optional(), homepage_link: emptyAsNull(pageAddress).optional(),
  page_title: emptyAsNull(line(255)).optional(), archived: formBool.optional(), config: config.optional(),
};
export const CreatePortal = flatOrWrapped('portal', z.object({ name: line(255), slug: slugText.optional(), ...fields })).meta({ id: 'CreatePortal' });
export type CreatePortal = z.infer<typeof CreatePortal>;
export const UpdatePortal = flatOrWrapped('portal', z.object({ name: line(255).optional(), slug: slugText.optional(), ...fields })).meta({ id: 'UpdatePortal' });
export type UpdatePortal = z.infer<typeof UpdatePortal>;

export const PortalSchema = z.object({
  id: z.int(), name: z.string(), slug: z.string(), color: z.string().nullable(), custom_domain: z.string().nullable(), custom_domain_seen: z.boolean(), header_text: z.string().nullable(), homepage_link: z.string().nullable(),
  page_title: z.string().nullable(), archived: z.boolean(), account_id: z.int(),
  config: z.object({
    allowed_locales: z.array(z.object({ code: z.string(), articles_count: z.int(), categories_count: z.int(), draft: z.boolean() })), default_locale: z.string(), layout: z.string(), social_profiles: z.record(z.string(), z.unknown()),
  }),
  meta: z.object({ all_articles_count: z.int(), archived_articles_count: z.int(), published_count: z.int(), draft_articles_count: z.int(), categories_count: z.int(), default_locale: z.string() }),
}).meta({ id: 'Portal' });
export type WirePortal = z.infer<typeof PortalSchema>;
export const PortalList = z.object({ payload: z.array(PortalSchema), meta: z.object({ current_page: z.int(), portals_count: z.int() }) });
export type PortalList = z.infer<typeof PortalList>;

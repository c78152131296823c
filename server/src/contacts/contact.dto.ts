import { z } from 'zod';
import { SlimInboxSchema } from '../inboxes/inbox.dto.js';
import { labelTag } from '../inboxes/label.dto.js';
import { optionalImage } from '../platform/storage/avatars.js';
import { imageAddress } from '../platform/storage/remote-image.js';
import { email, flatOrWrapped, formBool, formInt, formJson, formList, freeObject, pageNumber, text } from '../platform/http/schema-fields.js';

const blank = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' ? null : v), schema.nullish());
/** A phone number in international form: + and up to 15 digits. */
export const phoneNumber = z.string().trim().regex(/^\+[1-9]\d{1,14}$/, 'should be in e164 format');

const fields = {
  name: text(255).optional(), email: blank(email), phone_number: blank(phoneNumber), identifier: blank(text(255)), blocked: formBool.optional(),
  additional_attributes: formJson(freeObject).optional(), custom_attributes: formJson(freeObject).optional(), avatar: optionalImage, avatar_url: imageAddress,
};
export const CreateContact = flatOrWrapped('contact', z.object({ ...fields, inbox_id: formInt.optional(), source_id: text(255).min(1).optional() }));
export type CreateContact = z.infer<typeof CreateContact>;
export const UpdateContact = flatOrWrapped('contact', z.object(fields));
export type UpdateContact = z.infer<typeof UpdateContact>;
export const RemoveAttributes = flatOrWrapped('contact', z.object({ custom_attributes: formList(text(255), 200) }));
export type RemoveAttributes = z.infer<typeof RemoveAttributes>;
const titles = formList(labelTag, 50).default([]);
export const LabelMany = z.object({ ids: formList(formInt, 500).pipe(z.array(z.int().min(1)).min(1, 'cannot be empty')), add: titles, remove: titles });
export type LabelMany = z.infer<typeof LabelMany>;
export const LabelledMany = z.object({ changed: z.int() });
export const CreateContactInbox = z.object({ inbox_id: formInt, source_id: text(255).min(1).optional() });
export type CreateContactInbox = z.infer<typeof CreateContactInbox>;
export const FindContactInbox = z.object({ inbox_id: formInt, source_id: text(255).min(1) });
export type FindContactInbox = z.infer<typeof FindContactInbox>;

export const CONTACT_SORTS = ['name', 'email', 'phone_number', 'last_activity_at', 'created_at', 'city', 'country', 'company_name'] as const;
const sort = z.enum([...CONTACT_SORTS, ...CONTACT_SORTS.map((s) => `-${s}` as const)]).default('-last_activity_at');
/** Counting further back costs more with every page: those beyond are empty; a cursor goes on as far as one likes. */
export const MAX_PAGE = 6_667;
const cursor = z.string().max(3000).optional();
const page = pageNumber.default(1);
const q = text(255).optional();
/** `q` narrows a list down to those whom a search finds. */
export const ListContacts = z.object({ sort, page, cursor, q, labels: formList(text(100)).optional(), include_contact_inboxes: formBool.default(true) });
export type ListContacts = z.infer<typeof ListContacts>;
export const FilterContacts = ListContacts.omit({ labels: true });
export type FilterContacts = z.infer<typeof FilterContacts>;
export const SearchContacts = z.object({ q, sort: sort.default('name'), page, include_contact_inboxes: formBool.default(true) });

const contact = {
  id: z.int(), name: z.string(), email: z.string().nullable(), phone_number: z.string().nullable(), identifier: z.string().nullable(), thumbnail: z.string(), blocked: z.boolean(),
  availability_status: z.enum(['online', 'offline']), additional_attributes: z.record(z.string(), z.unknown()), custom_attributes: z.record(z.string(), z.unknown()),
  last_activity_at: z.int().optional(), created_at: z.int(),
};
export const ContactSchema = z.object({
  ...contact, labels: z.array(z.string()).optional(), contact_inboxes: z.array(z.object({ source_id: z.string(), inbox: SlimInboxSchema })).optional(),
}).meta({ id: 'Contact' });
export type WireContact = z.infer<typeof ContactSchema>;
export const ContactAnswer = z.object({ payload: ContactSchema });
export const CreatedContact = z.object({
  payload: z.object({ contact: ContactSchema, contact_inbox: z.object({ inbox: SlimInboxSchema.nullable(), source_id: z.string().nullable() }) }),
});
export const ContactList = z.object({ meta: z.object({ count: z.int(), current_page: z.int(), next_cursor: z.string().nullable() }), payload: z.array(ContactSchema) });
export const ContactMatches = z.object({ meta: z.object({ count: z.int(), current_page: z.int(), has_more: z.boolean() }), payload: z.array(ContactSchema) });
export const ContactInboxSchema = z.object({ source_id: z.string(), inbox: SlimInboxSchema });
export const ContactableInboxes = z.object({ payload: z.array(ContactInboxSchema) });

import { z } from 'zod';
import { phoneNumber } from '../../contacts/contact.dto.js';
import { imageAddress } from '../../platform/storage/remote-image.js';
import { email, flatOrWrapped, formList, freeObject, text } from '../../platform/http/schema-fields.js';

// A form field that was left empty is no answer, not a wish to erase one.
const unlessBlank = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' || v === null ? undefined : v), schema.optional());

const about = {
  name: unlessBlank(text(255)), email: unlessBlank(email), phone_number: unlessBlank(phoneNumber),
  custom_attributes: freeObject.optional(), additional_attributes: freeObject.optional(),
  description: unlessBlank(text(2000)), city: unlessBlank(text(255)), country_code: unlessBlank(text(10)), company_name: unlessBlank(text(255)),
  social_profiles: z.record(text(40), text(255)).optional(), avatar_url: imageAddress,
};
const identifier = z.union([text(255).trim().min(1, 'cannot be empty'), z.int().transform(String)]);

/** What a visitor, or the page they are on, says about them. An identifier changes who they are, so it may have to be proven. */
export const UpdateVisitor = flatOrWrapped('contact', z.object({ ...about, identifier: unlessBlank(identifier), identifier_hash: unlessBlank(text(128)) }));
export type UpdateVisitor = z.infer<typeof UpdateVisitor>;
export const SetUser = flatOrWrapped('user', z.object({ ...about, identifier, identifier_hash: unlessBlank(text(128)) }));
export const RemoveAttributes = flatOrWrapped('contact', z.object({ custom_attributes: formList(text(255), 100) }));

/** Who the visitor is, as the visitor may know it: facts that somebody else gave about the same person stay out. */
export const VisitorContact = z.object({
  id: z.int().nullable(), name: z.string().nullable(), email: z.string().nullable(), phone_number: z.string().nullable(), identifier: z.string().nullable(),
  has_name: z.boolean(), has_email: z.boolean(), has_phone_number: z.boolean(), hmac_verified: z.boolean(), pubsub_token: z.string().nullable(), custom_attributes: z.record(z.string(), z.unknown()),
}).meta({ id: 'VisitorContact' });
export type VisitorContact = z.infer<typeof VisitorContact>;
export const IdentifiedVisitor = VisitorContact.extend({ widget_auth_token: z.string().nullable() }).meta({ id: 'IdentifiedVisitor' });

import { z } from 'zod';
import { User } from '../../identity/users/user.dto.js';
import { localeName } from '../../identity/accounts/place.dto.js';
import { optionalImage } from '../../platform/storage/avatars.js';
import { imageAddress } from '../../platform/storage/remote-image.js';
import { email, flatOrWrapped, formInt, formJson, freeObject, line, text } from '../../platform/http/schema-fields.js';

const record = z.record(z.string(), z.unknown());
const emptyAsNull = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' ? null : v), schema.nullish());
const account = {
  locale: localeName.optional(), domain: emptyAsNull(text(253)), support_email: emptyAsNull(email), status: z.enum(['active', 'suspended']).optional(),
  limits: formJson(freeObject).optional(), custom_attributes: formJson(freeObject).optional(),
};
export const CreatePlatformAccount = flatOrWrapped('account', z.object({ name: line(255), ...account }));
export const UpdatePlatformAccount = flatOrWrapped('account', z.object({ name: line(255).optional(), ...account }));
export type PlatformAccountChanges = z.infer<typeof UpdatePlatformAccount>;
export const PlatformAccount = z.object({
  id: z.int(), name: z.string(), locale: z.string(), domain: z.string().nullable(), support_email: z.string().nullable(), features: z.record(z.string(), z.boolean()), custom_attributes: record, limits: record,
  status: z.enum(['active', 'suspended']),
}).meta({ id: 'PlatformAccount' });
export type PlatformAccount = z.infer<typeof PlatformAccount>;

const user = { display_name: text(255).nullish(), custom_attributes: formJson(freeObject).optional() };
export const CreatePlatformUser = flatOrWrapped('user', z.object({ name: line(255), email, password: text(512).optional(), ...user }));
export type CreatePlatformUser = z.infer<typeof CreatePlatformUser>;
export const UpdatePlatformUser = flatOrWrapped('user', z.object({ name: line(255).optional(), email: email.optional(), password: text(512).optional(), ...user }));
export type UpdatePlatformUser = z.infer<typeof UpdatePlatformUser>;
export const UserToken = z.object({ access_token: z.string(), expiry: z.null(), user: User });
export const LoginLink = z.object({ url: z.string() });

export const PlatformMembership = z.object({ account_id: z.int(), user_id: z.int(), role: z.enum(['administrator', 'agent']) }).meta({ id: 'PlatformMembership' });
export type PlatformMembership = z.infer<typeof PlatformMembership>;
export const SetMembership = z.object({ user_id: formInt, role: z.enum(['administrator', 'agent']).optional() });
export const DropMembership = z.object({ user_id: formInt.optional() }).nullish();

export const PlatformBot = z.object({
  id: z.int(), name: z.string(), description: z.string().nullable(), outgoing_url: z.string().nullable(), account_id: z.int().nullable(), access_token: z.string(),
}).meta({ id: 'PlatformBot' });
export type PlatformBot = z.infer<typeof PlatformBot>;
const bot = { description: text(2_000).nullish(), outgoing_url: text(2_048).trim().nullish(), avatar: optionalImage, avatar_url: imageAddress };
export const CreatePlatformBot = flatOrWrapped('agent_bot', z.object({ name: line(255), account_id: formInt.nullish(), ...bot }));
/** A bot stays with its account; programs that send the whole bot again say the same. */
export const UpdatePlatformBot = flatOrWrapped('agent_bot', z.object({ name: line(255).optional(), account_id: formInt.nullish(), ...bot }));

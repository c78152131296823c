import { z } from 'zod';
import { email, flatOrWrapped, formBool, formInt, formJson, freeObject, personName, text } from '../../platform/http/schema-fields.js';
import { optionalImage } from '../../platform/storage/avatars.js';
import { localeName, timezoneName } from '../accounts/place.dto.js';
import { typedPassword } from '../sign-in/sign-in.dto.js';
import { AvailabilityName } from '../users/user.dto.js';

const emptyAsNull = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' ? null : v), schema.nullable());

/** What a person may change about themself. Address and password want the current password too. */
export const ProfileChanges = flatOrWrapped('profile', z.object({
  name: personName(255).optional(), display_name: emptyAsNull(personName(255)).optional(), email: email.optional(), message_signature: emptyAsNull(text(5000)).optional(),
  /** Kept among the person's attributes, as Chatwoot keeps it. */
  phone_number: emptyAsNull(text(50)).optional(),
  locale: emptyAsNull(localeName).optional(), timezone: emptyAsNull(timezoneName).optional(), ui_settings: formJson(freeObject).optional(),
  current_password: typedPassword.optional(), password: typedPassword.optional(), password_confirmation: typedPassword.optional(), avatar: optionalImage,
  /** With a new password: ends the person's access tokens too. */
  end_tokens: formBool.optional(),
})).meta({ id: 'ProfileChanges' });
export type ProfileChanges = z.infer<typeof ProfileChanges>;

export const AvailabilityChange = flatOrWrapped('profile', z.object({ account_id: formInt, availability: AvailabilityName })).meta({ id: 'AvailabilityChange' });
export type AvailabilityChange = z.infer<typeof AvailabilityChange>;

export const AutoOfflineChange = flatOrWrapped('profile', z.object({ account_id: formInt, auto_offline: formBool })).meta({ id: 'AutoOfflineChange' });
export type AutoOfflineChange = z.infer<typeof AutoOfflineChange>;

export const ActiveAccount = flatOrWrapped('profile', z.object({ account_id: formInt })).meta({ id: 'ActiveAccount' });
export type ActiveAccount = z.infer<typeof ActiveAccount>;

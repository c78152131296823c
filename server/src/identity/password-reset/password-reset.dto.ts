import { z } from 'zod';
import { formBool, text } from '../../platform/http/schema-fields.js';
import { typedPassword } from '../sign-in/sign-in.dto.js';

// Whatever was typed gets the same answer, so it is not checked for being an address.
export const ResetRequest = z.object({ email: text(254).trim().toLowerCase().min(1, 'is missing') }).meta({ id: 'ResetRequest' });
export const ResetPassword = z.object({ reset_password_token: text(500).min(1, 'is missing'), password: typedPassword, password_confirmation: typedPassword.optional(), end_tokens: formBool.optional() })
  .refine((v) => v.password_confirmation === undefined || v.password_confirmation === v.password, { path: ['password_confirmation'], message: 'is not the same' }).meta({ id: 'ResetPassword' });
export type ResetPassword = z.infer<typeof ResetPassword>;
export const Told = z.object({ message: z.string() }).meta({ id: 'Told' });

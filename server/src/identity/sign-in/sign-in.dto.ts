import { z } from 'zod';
import { text } from '../../platform/http/schema-fields.js';
import { User } from '../users/user.dto.js';

const token = text(500).min(1, 'is missing');
/** A password as typed. Its length is bounded before anything is hashed. */
export const typedPassword = text(512).min(1, 'is missing');
/** `cookie` asks for a browser session; without it the answer carries `access-token`, `client` and `uid` headers. */
export const wantedSession = z.enum(['cookie', 'headers']).optional();

/** Either step of a sign-in. */
export const SignInRequest = z.object({
  email: text(254).trim().toLowerCase().optional(), password: typedPassword.optional(),
  sso_auth_token: token.optional(), mfa_token: token.optional(), otp_code: text(20).optional(), backup_code: text(60).optional(), session: wantedSession,
}).superRefine((v, context) => {
  const missing = v.mfa_token === undefined ? (['email', v.sso_auth_token === undefined ? 'password' : 'sso_auth_token'] as const).filter((key) => !v[key]) : v.otp_code || v.backup_code ? [] : ['otp_code'];
  for (const key of missing) context.addIssue({ code: 'custom', path: [key], message: 'is missing' });
}).meta({ id: 'SignInRequest' });
export type SignInRequest = z.infer<typeof SignInRequest>;

export const SignedInAnswer = z.object({ data: User }).meta({ id: 'SignedIn' });
export const MfaDue = z.object({ mfa_required: z.literal(true), mfa_token: z.string() }).meta({ id: 'MfaDue' });
export const SignInAnswer = z.union([SignedInAnswer, MfaDue]);
export type SignInAnswer = z.infer<typeof SignInAnswer>;

export const ValidatedToken = z.object({ payload: z.object({ success: z.literal(true), data: User }) });

import { z } from 'zod';
import { text } from '../../platform/http/schema-fields.js';
import { typedPassword } from '../sign-in/sign-in.dto.js';

/** What proves once more who is sitting there: the password, and a code where two-step sign-in is on. */
export const GivenProof = z.object({ password: typedPassword.optional(), otp_code: text(20).min(1, 'is missing').optional(), backup_code: text(60).min(1, 'is missing').optional() }).meta({ id: 'GivenProof' });
export type GivenProof = z.infer<typeof GivenProof>;

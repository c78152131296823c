import { z } from 'zod';
import { text } from '../../platform/http/schema-fields.js';
import { typedPassword } from '../sign-in/sign-in.dto.js';

const otpCode = text(20).min(1, 'is missing');

export const MfaState = z.object({ enabled: z.boolean(), backup_codes_left: z.int() }).meta({ id: 'MfaState' });
export const MfaEnrolment = z.object({ provisioning_url: z.string(), secret: z.string(), qr_svg: z.string() }).meta({ id: 'MfaEnrolment' });
export const MfaEnabled = z.object({ enabled: z.literal(true), backup_codes: z.array(z.string()) }).meta({ id: 'MfaEnabled' });
export const BackupCodes = z.object({ backup_codes: z.array(z.string()) }).meta({ id: 'BackupCodes' });

export const CodeRequest = z.object({ otp_code: otpCode }).meta({ id: 'CodeRequest' });
export const DisableMfa = z.object({ password: typedPassword, otp_code: otpCode.optional(), backup_code: text(60).optional() })
  .refine((v) => v.otp_code !== undefined || v.backup_code !== undefined, { path: ['otp_code'], message: 'is missing' }).meta({ id: 'DisableMfa' });

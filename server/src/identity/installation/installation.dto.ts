import { z } from 'zod';
import { email, line, personName, text } from '../../platform/http/schema-fields.js';
import { typedPassword } from '../sign-in/sign-in.dto.js';

export const Installation = z.object({ needs_setup: z.boolean(), version: z.string(), mail_configured: z.boolean() }).meta({ id: 'Installation' });
export type Installation = z.infer<typeof Installation>;

export const FirstAccount = z.object({
  setup_token: text(500).min(1, 'is missing'), account_name: line(255), name: personName(255), email, password: typedPassword,
}).meta({ id: 'FirstAccount' });
export type FirstAccount = z.infer<typeof FirstAccount>;

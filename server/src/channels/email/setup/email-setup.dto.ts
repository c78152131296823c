import { z } from 'zod';
import { email, formBool, formInt, text } from '../../../platform/http/schema-fields.js';
import { EmailConfig } from '../email.config.js';
import { PROBLEMS } from '../accounts/mail-problem.js';

export const Discover = z.object({ email });
export type Discover = z.infer<typeof Discover>;
const Server = z.object({ host: z.string(), port: z.int(), ssl: z.boolean() });
export const FoundProviderSchema = z.object({
  how: z.enum(['known', 'mx', 'autoconfig', 'guessed']), name: z.string().nullable(), imap: Server, smtp: Server, oauth: z.enum(['google', 'microsoft']).nullable(), oauth_only: z.boolean(),
  app_password_url: z.string().nullable(), switch_on_url: z.string().nullable(),
}).meta({ id: 'FoundMailProvider' });

/** Settings to try before they are stored. With an inbox, secrets that are left out are the stored ones. */
export const CheckMail = EmailConfig.pick({
  email: true, imap_address: true, imap_port: true, imap_login: true, imap_password: true, imap_enable_ssl: true, smtp_address: true, smtp_port: true, smtp_login: true, smtp_password: true,
  smtp_enable_starttls_auto: true, smtp_enable_ssl_tls: true, smtp_openssl_verify_mode: true,
}).extend({ inbox_id: formInt.optional(), imap: formBool.default(true), smtp: formBool.default(true) });
export type CheckMail = z.infer<typeof CheckMail>;
const Result = z.object({ ok: z.boolean(), problem: z.enum(PROBLEMS).nullable(), said: z.string().nullable() });
export const CheckedMail = z.object({ imap: Result.nullable(), smtp: Result.nullable() }).meta({ id: 'CheckedMail' });

export const DnsQuery = z.object({ email });
export type DnsQuery = z.infer<typeof DnsQuery>;
export const DnsAdviceList = z.object({
  payload: z.array(z.object({ record: z.enum(['spf', 'dkim', 'dmarc']), state: z.enum(['good', 'weak', 'missing', 'unknown']), found: z.string().nullable(), name: z.string(), suggest: z.string().nullable() })),
}).meta({ id: 'MailDnsAdvice' });

export const TestMailSent = z.object({ id: z.string(), sent: z.boolean(), problem: z.string().nullable() }).meta({ id: 'TestMailSent' });
/** `plus` tells whether mail to help+anything@ arrives too. */
export const TestMailState = z.object({ arrived: z.boolean(), plus: z.boolean() }).meta({ id: 'TestMailState' });

export const HeldAddresses = z.object({
  payload: z.array(z.object({ address: z.string(), reason: z.string(), detail: z.string().nullable(), held_at: z.int(), conversation_id: z.int().nullable() })),
}).meta({ id: 'HeldAddresses' });

export const Authorization = z.object({ inbox_id: formInt });
export type Authorization = z.infer<typeof Authorization>;
export const AuthorizationAnswer = z.object({ success: z.boolean(), url: z.string() });
export const OauthCallback = z.object({ code: text(4_000).optional(), state: text(4_000).optional(), error: text(1_000).optional() });
export type OauthCallback = z.infer<typeof OauthCallback>;

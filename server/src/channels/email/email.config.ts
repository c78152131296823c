import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { email, formBool, formInt, formList, text } from '../../platform/http/schema-fields.js';

const port = formInt.pipe(z.int().min(1).max(65_535));
const host = text(255).trim().regex(/^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[?[0-9a-f:.]+\]?)?$/i, 'is not the name of a server');
const AUTHENTICATIONS = ['plain', 'login', 'cram_md5', 'xoauth2'] as const;
/** Chatwoot knows OpenSSL's names; we verify unless told `none`. */
const VERIFY_MODES = ['none', 'peer', 'client_once', 'fail_if_no_peer_cert'] as const;
/** An address, or a domain for everybody there. */
const addressOrDomain = text(254).trim().toLowerCase().regex(/^([^@\s]+@)?[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is neither an address nor a domain');

/** Settings of a mail inbox, in Chatwoot's names; what it has no name for comes after. */
export const EmailConfig = z.object({
  email: email.optional(), provider: z.enum(['google', 'microsoft', 'other']).nullish(),
  imap_enabled: formBool.optional(), imap_address: host.nullish(), imap_port: port.optional(), imap_login: text(255).trim().nullish(), imap_password: text(4_000).nullish(),
  imap_enable_ssl: formBool.optional(), imap_authentication: z.enum(AUTHENTICATIONS).optional(),
  smtp_enabled: formBool.optional(), smtp_address: host.nullish(), smtp_port: port.optional(), smtp_login: text(255).trim().nullish(), smtp_password: text(4_000).nullish(),
  smtp_domain: host.nullish(), smtp_enable_starttls_auto: formBool.optional(), smtp_enable_ssl_tls: formBool.optional(), smtp_openssl_verify_mode: z.enum(VERIFY_MODES).optional(),
  smtp_authentication: z.enum(AUTHENTICATIONS).optional(),
  imap_folders: formList(text(255).min(1), 20).optional(), imap_backfill_days: formInt.pipe(z.int().min(0).max(3_650)).optional(),
  plus_addressing: formBool.optional(), from_name: text(255).nullish(), signature: text(10_000).nullish(),
  agents_answer_by_mail: formBool.optional(), trusted_forwarders: formList(addressOrDomain, 100).optional(),
  trusted_authserv_ids: formList(text(255).trim().toLowerCase().min(1), 20).optional(),
  oauth_refresh_token: text(4_000).nullish(), postmark_credentials: text(500).nullish(), mailgun_signing_key: text(500).nullish(), sendgrid_verification_key: text(1_000).nullish(),
  ses_topic_arn: text(255).nullish(),
});

/** Those of the settings that are sealed and never shown again. */
export const EMAIL_SECRETS = ['imap_password', 'smtp_password', 'oauth_refresh_token', 'postmark_credentials', 'mailgun_signing_key', 'sendgrid_verification_key'] as const;

const DEFAULTS = {
  email: '', provider: null as 'google' | 'microsoft' | 'other' | null,
  imap_enabled: false, imap_address: null as string | null, imap_port: 993, imap_login: null as string | null, imap_enable_ssl: true, imap_authentication: 'plain' as (typeof AUTHENTICATIONS)[number],
  smtp_enabled: false, smtp_address: null as string | null, smtp_port: 587, smtp_login: null as string | null, smtp_domain: null as string | null,
  smtp_enable_starttls_auto: true, smtp_enable_ssl_tls: false, smtp_openssl_verify_mode: 'peer' as (typeof VERIFY_MODES)[number], smtp_authentication: 'plain' as (typeof AUTHENTICATIONS)[number],
  imap_folders: ['INBOX'], imap_backfill_days: 7,
  /** Whether mail to help+anything@ arrives at help@: found out when the inbox is set up. */
  plus_addressing: false,
  from_name: null as string | null, signature: null as string | null,
  /** Whether agents may answer from their own mail program, when the mail proves that it is theirs. */
  agents_answer_by_mail: true,
  /** Who may forward in the name of others: for their mail the sender named inside counts. */
  trusted_forwarders: [] as string[],
  /** Names under which our own mail server writes Authentication-Results. Others' are not believed. */
  trusted_authserv_ids: [] as string[],
  ses_topic_arn: null as string | null,
  /** Local part of the address that mail can be forwarded to. */
  forward_token: '',
};
export type EmailSettings = typeof DEFAULTS;

/** Settings of a new inbox. */
export const newEmailConfig = (): Record<string, unknown> => ({ ...DEFAULTS, forward_token: randomBytes(16).toString('hex') });

/** The settings of a stored inbox, complete. They were checked when they were stored. */
export const emailConfig = (stored: Record<string, unknown>): EmailSettings => ({ ...DEFAULTS, ...stored } as EmailSettings);

import { accountPath, http } from '../../api/http';
import type { components } from '../../api/generated';
import type { Id, Inbox } from '../../api/types';

type Schemas = components['schemas'];
export type FoundProvider = Schemas['FoundMailProvider'];
export type CheckedMail = Schemas['CheckedMail'];
export type CheckResult = NonNullable<CheckedMail['imap']>;
export type DnsAdvice = Schemas['MailDnsAdvice']['payload'][number];
export type MailHealth = Schemas['MailHealth'];
export type HeldAddress = Schemas['HeldAddresses']['payload'][number];

/** What connecting a mailbox takes, in the wire's names. */
export interface MailboxSettings {
  email: string; imap_enabled: boolean; imap_address: string; imap_port: number; imap_enable_ssl: boolean; imap_login: string; imap_password: string | null;
  smtp_enabled: boolean; smtp_address: string; smtp_port: number; smtp_enable_ssl_tls: boolean; smtp_enable_starttls_auto: boolean;
}
/** A mail inbox as administrators see it. */
export type MailInbox = Inbox & Partial<MailboxSettings> & {
  inbound_url?: string; forward_to_email?: string | null; provider?: string | null; imap_authentication?: string; plus_addressing?: boolean; from_name?: string | null; signature?: string | null; secrets_set?: string[];
};

export const discover = (account: Id, email: string) => http.post<FoundProvider>(accountPath(account, 'email_setup/discover'), { email });
export const checkMailbox = (account: Id, settings: Partial<MailboxSettings>, inboxId?: Id) => http.post<CheckedMail>(accountPath(account, 'email_setup/check'), { ...settings, ...(inboxId !== undefined && { inbox_id: inboxId }) });
export const fetchDnsAdvice = (account: Id, email: string) => http.get<{ payload: DnsAdvice[] }>(accountPath(account, 'email_setup/dns'), { query: { email } }).then(({ payload }) => payload);
export const sendTestMail = (account: Id, inbox: Id) => http.post<Schemas['TestMailSent']>(accountPath(account, `inboxes/${inbox}/test_mail`));
export const fetchTestMail = (account: Id, inbox: Id, id: string) => http.get<Schemas['TestMailState']>(accountPath(account, `inboxes/${inbox}/test_mail/${id}`));
export const fetchHealth = (account: Id, inbox: Id) => http.get<MailHealth>(accountPath(account, `inboxes/${inbox}/mail_health`));
/** Mails that could not be read, the newest first. */
export const fetchRepairs = (account: Id, inbox: Id) => http.get<{ payload: Schemas['MailToRepair'][] }>(accountPath(account, `inboxes/${inbox}/mail_repairs`)).then(({ payload }) => payload);
export const retryMail = (account: Id, inbox: Id, id: Id) => http.post(accountPath(account, `inboxes/${inbox}/mail_repairs/${id}/retry`));
export const rawMailUrl = (account: Id, inbox: Id, id: Id) => accountPath(account, `inboxes/${inbox}/mail_repairs/${id}/raw`);
/** Addresses and domains whose mail is spam. */
export const fetchBlocks = (account: Id) => http.get<{ payload: Schemas['MailBlock'][] }>(accountPath(account, 'mail_blocks')).then(({ payload }) => payload);
export const block = (account: Id, pattern: string) => http.post(accountPath(account, 'mail_blocks'), { pattern });
export const unblock = (account: Id, pattern: string) => http.delete(accountPath(account, `mail_blocks/${encodeURIComponent(pattern)}`));
export const authorize = (account: Id, provider: 'google' | 'microsoft', inbox: Id) => http.post<{ url: string }>(accountPath(account, `${provider}/authorization`), { inbox_id: inbox }).then(({ url }) => url);
export const fetchHeld = (account: Id) => http.get<{ payload: HeldAddress[] }>(accountPath(account, 'mail_held_addresses')).then(({ payload }) => payload);
export const release = (account: Id, address: string) => http.delete(accountPath(account, `mail_held_addresses/${encodeURIComponent(address)}`));

import type { ReadMail } from '../reading/read-mail.js';

/** What of a mail may name a conversation, in the order it is believed. */
export interface ThreadKeys { tokens: string[]; uuids: string[]; ids: string[] }

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const TOKEN = /\+([0-9a-f]{32})@/i;
/** Reply addresses of Chatwoot and LibreDesk, for those who moved here: answers to old mail come for months. */
const UUID_ADDRESS = new RegExp(`\\+(?:conv-)?(${UUID})@`, 'i');
const UUID_ID = new RegExp(`^(?:conversation/(${UUID})/messages/\\d+|account/\\d+/conversation/(${UUID}))@`, 'i');

/** Collects them: a token in an address it was sent to, then In-Reply-To, then References from the last to the first. Never the subject. */
export function threadKeys(mail: ReadMail, recipients: readonly string[] = []): ThreadKeys {
  const addresses = [...mail.deliveredTo, ...mail.to.map((p) => p.address), ...mail.cc.map((p) => p.address), ...recipients, ...mail.bcc.map((p) => p.address), ...mail.forwardedFor].slice(0, 500);
  const ids = knownForms([...mail.inReplyTo, ...[...mail.references].reverse()]);
  const matches = (pattern: RegExp, values: readonly string[]): string[] => values.flatMap((value) => {
    const match = pattern.exec(value);
    const found = match?.[1] ?? match?.[2];
    return found ? [found.toLowerCase()] : [];
  });
  return { tokens: matches(TOKEN, addresses), uuids: [...matches(UUID_ADDRESS, addresses), ...matches(UUID_ID, ids)], ids };
}

const SES_ID = /^([0-9a-f]{16}-[0-9a-f-]{36}-\d{6})@(?:email|[a-z0-9-]+)\.amazonses\.com$/i;
/** Ids as they stand in mails, and as the server that put them there told us of them: Amazon SES adds a domain of its region. */
export const knownForms = (ids: readonly string[]): string[] => [...new Set(ids.flatMap((id) => [id, ...SES_ID.exec(id)?.slice(1) ?? []]))];

/** An address without what was added behind a plus. */
export const withoutTag = (address: string): string => address.replace(/\+[^@]*@/, '@');

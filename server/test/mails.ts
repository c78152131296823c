import { expect } from '@jest/globals';
import { SystemWork } from '../src/platform/database/unit-of-work.js';
import { unique, type AccountWithAdmin } from './factories.js';
import { makeInbox, type MadeInbox } from './factories-inboxes.js';
import { call, eventually } from './http.js';
import type { TestApp } from './test-app.js';

export interface MailInbox extends MadeInbox { inbound_url: string; email: string }
export interface MailWritten { from?: string; to?: string; subject?: string; text?: string; id?: string; headers?: Record<string, string>; body?: string }
/** What became of a mail, as the database has it. */
export interface MailOutcome { state: number; error: string | null; conversation_id: number | null; message_id: number | null; display_id: number | null }

/** A mail inbox of the account; its address is `<name>@desk.example`. */
export async function makeMailInbox(t: TestApp, account: AccountWithAdmin, channel: object = {}, more: object = {}): Promise<MailInbox> {
  return await makeInbox(t, account, { type: 'email', channel: { email: `help-${unique()}@desk.example`, ...channel }, ...more }) as MailInbox;
}

/** The bytes of a mail. Without an id it gets one of its own. */
export function writeMail({ from = 'Vi <vi@example.org>', to = 'help@desk.example', subject = 'Question', text = 'Are you open today?', id = `${unique()}@example.org`, headers = {}, body }: MailWritten = {}): string {
  const lines = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Message-ID: <${id}>`, 'Date: Tue, 3 Mar 2026 10:00:00 +0000', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return body === undefined ? `${[...lines, 'Content-Type: text/plain; charset=utf-8', '', text].join('\r\n')}\r\n` : `${lines.join('\r\n')}\r\n${body}`;
}

/** Hands a mail to the inbox's door, as a pipe of Postfix does. */
export async function deliver(t: TestApp, inbox: MailInbox, raw: string | Buffer, headers: Record<string, string> = {}): Promise<{ status: number; id: number; duplicate: boolean }> {
  const answer = await fetch(t.url + new URL(inbox.inbound_url).pathname, { method: 'POST', body: typeof raw === 'string' ? raw : new Uint8Array(raw), headers: { 'content-type': 'message/rfc822', ...headers } });
  return { status: answer.status, ...(await answer.json() as { id: number; duplicate: boolean }) };
}

export const outcomeOf = (t: TestApp, rawId: number): Promise<MailOutcome> => eventually(`mail ${rawId} to be worked on`, async () => {
  const [row] = await t.app.get(SystemWork).sql<MailOutcome>(
    `SELECT r.state, r.error, r.conversation_id, r.message_id, c.display_id FROM mail_raws r LEFT JOIN conversations c ON c.account_id = r.account_id AND c.id = r.conversation_id
     WHERE r.id = $1 AND r.state <> 0`, [rawId]);
  return row;
}, 60_000);

/** Delivers a mail and waits for the message it becomes. */
export async function receive(t: TestApp, inbox: MailInbox, written: MailWritten | string | Buffer, headers: Record<string, string> = {}): Promise<{ rawId: number; conversationId: number; messageId: number; id: number }> {
  const raw = typeof written === 'string' || Buffer.isBuffer(written) ? written : writeMail({ to: inbox.email, ...written });
  const given = await deliver(t, inbox, raw, headers);
  expect(given.status).toBe(200);
  const outcome = await outcomeOf(t, given.id);
  expect(outcome).toMatchObject({ state: 1 });
  return { rawId: given.id, conversationId: outcome.conversation_id!, messageId: outcome.message_id!, id: outcome.display_id! };
}

export interface ShownMail {
  content: string | null; message_type: number; sender: { name: string; email: string; type: string; id: number }; attachments: { file_name: string; file_type: string; data_url: string }[];
  content_attributes: { email: { events: object[]; html_content: { full: string }; [key: string]: unknown } }; [key: string]: unknown;
}
export interface ShownConversation { messages: ShownMail[]; status: string; inbox_id: number; unread_count: number; meta: { sender: { email: string; name: string } }; additional_attributes: Record<string, unknown>; [key: string]: unknown }

/** A conversation as its administrator sees it. */
export const showConversation = async (t: TestApp, account: AccountWithAdmin, id: number): Promise<ShownConversation> =>
  (await call<ShownConversation>(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations/${id}`)).body;

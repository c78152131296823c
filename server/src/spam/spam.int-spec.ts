import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, unique, type AccountWithAdmin } from '../../test/factories.js';
import { call, eventually } from '../../test/http.js';
import { makeMailInbox, receive, showConversation, type MailInbox, type MailWritten } from '../../test/mails.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MailInbox;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeMailInbox(t, account, {}, { greeting_enabled: true, greeting_message: 'Thank you for writing.' });
});
afterAll(() => t.close());

const api = (path: string): string => `/api/v1/accounts/${account.id}/${path}`;
const came = (written: MailWritten) => receive(t, inbox, written);
const mark = (id: number, isSpam = true) => call(t, account.admin, isSpam ? 'POST' : 'DELETE', api(`conversations/${id}/spam`));
const shown = (id: number) => showConversation(t, account, id);
const folder = async (): Promise<number[]> => (await call<{ data: { payload: { id: number }[] } }>(t, account.admin, 'GET', api('conversations?status=spam'))).body.data.payload.map(({ id }) => id);

describe('the spam folder', () => {
  test('holds what somebody put there, until somebody takes it out; nothing of it is lost', async () => {
    const mail = await came({ from: `a@${unique()}.example` });
    expect((await mark(mail.id)).status).toBe(200);
    expect(await folder()).toContain(mail.id);
    const { name } = (await call<{ name: string }>(t, account.admin, 'GET', '/api/v1/profile')).body;
    expect(await shown(mail.id)).toMatchObject({ status: 'resolved', unread_count: 0, additional_attributes: { spam: 'by_hand', spam_because: name } });
    expect((await mark(mail.id, false)).status).toBe(200);
    expect(await folder()).not.toContain(mail.id);
    const back = await shown(mail.id);
    expect(back).toMatchObject({ status: 'open', unread_count: 1 });
    expect(back.additional_attributes).not.toHaveProperty('spam');
  });

  test('says which header of the mail server it believed', async () => {
    const mail = await came({ headers: { 'X-Spam-Status': 'Yes, score=9.1' } });
    expect(await shown(mail.id)).toMatchObject({ additional_attributes: { spam: 'verdict', spam_because: 'x-spam-status' } });
    expect(await folder()).toContain(mail.id);
  });

  test('is answered by nobody who acts by themselves', async () => {
    const [spam, wanted] = [await came({ headers: { 'X-Spam-Flag': 'YES' } }), await came({ from: `b@${unique()}.example` })];
    const said = async (id: number) => (await call<{ payload: { content: string }[] }>(t, account.admin, 'GET', api(`conversations/${id}/messages`))).body.payload.map((message) => message.content);
    await eventually('the greeting of the other mail', async () => ((await said(wanted.id)).includes('Thank you for writing.') ? true : undefined));
    expect(await said(spam.id)).not.toContain('Thank you for writing.');
  });
});

describe('what people call spam', () => {
  test('is learned for its sender, and unlearned', async () => {
    const from = `pills-${unique()}@example.org`;
    const first = await came({ from });
    await mark(first.id);
    const second = await came({ from });
    expect(await shown(second.id)).toMatchObject({ status: 'resolved', additional_attributes: { spam: 'learned', spam_because: from } });
    await mark(second.id, false);
    expect((await shown((await came({ from })).id)).status).toBe('open');
  });

  test('is learned for a domain when it is the rule there, never for one where everybody has an address', async () => {
    for (const [domain, spam] of [[`${unique()}.example`, 'learned'], ['gmail.com', undefined]] as const) {
      for (let n = 0; n < 3; n += 1) await mark((await came({ from: `${unique()}@${domain}` })).id);
      expect((await shown((await came({ from: `new-${unique()}@${domain}` })).id)).additional_attributes['spam']).toBe(spam);
    }
  });

  test('draws what is added to it after it, quietly', async () => {
    const id = `${unique()}@example.org`;
    const from = `more-${unique()}@example.org`;
    const first = await came({ from, id });
    await mark(first.id);
    await call(t, account.admin, 'PATCH', api(`inboxes/${inbox.id}`), { allow_messages_after_resolved: true });
    const more = await came({ from, headers: { 'In-Reply-To': `<${id}>` } });
    expect(more.id).toBe(first.id);
    expect(await shown(first.id)).toMatchObject({ status: 'resolved', unread_count: 0 });
  });
});

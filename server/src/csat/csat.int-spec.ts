import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { makeConversation, makeMessage } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { makeWebChat, openBrowser, type Browser } from '../../test/widget.js';
import type { StoredEvent } from '../delivery/event-types.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { SendSurvey } from './send-survey.subscriber.js';

const DAY = 24 * 3_600_000;
let t: TestApp;
let account: AccountWithAdmin;
let chat: MadeInbox;
let agent: Person;
let api: string;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  api = `/api/v1/accounts/${account.id}`;
  chat = await makeWebChat(t, account, {}, { enable_email_collect: false, csat_survey_enabled: true, csat_config: { display_type: 'star', message: 'How was it?', survey_rules: { operator: 'does_not_contain', values: ['spam'] } } });
  agent = await makeAgentIn(t, account, chat);
});
afterAll(() => t.close());

interface Survey { id: number; content: string; content_attributes: Record<string, any> } // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
const asked = async (browser: Browser): Promise<Survey[]> => (await browser.call('GET', 'messages')).body.payload.filter((m: { content_type: string }) => m.content_type === 'input_csat');
const rate = (browser: Browser, id: number, value: unknown) => browser.call('PATCH', `messages/${id}`, { message: { submitted_values: { csat_survey_response: value } } });
const resolve = (id: number) => call(t, account.admin, 'POST', `${api}/conversations/${id}/toggle_status`, { status: 'resolved' });
const of = (id: number) => call(t, account.admin, 'GET', `${api}/conversations/${id}`).then((a) => a.body);
/** The subscriber has looked at every resolution so far: those of one account are told in order, and it acts at once. */
async function told(conversation: number): Promise<void> {
  const [event] = await t.app.get(SystemWork).sql<StoredEvent<'conversation.status_changed'>>(
    `SELECT e.* FROM events e JOIN conversations c ON c.id = e.conversation_id WHERE c.account_id = $1 AND c.display_id = $2 AND e.type = 'conversation.status_changed' ORDER BY e.id DESC LIMIT 1`, [account.id, conversation]);
  await t.app.get(SendSurvey, { strict: false }).handle(event!);
}
/** A chat that an agent has answered and resolved. */
async function resolved(inbox = chat): Promise<{ browser: Browser; id: number; uuid: string }> {
  const browser = await openBrowser(t, inbox);
  const id = (await browser.call('POST', 'messages', { message: { content: 'Are you open?' } })).body.conversation_id as number;
  await call(t, account.admin, 'POST', `${api}/conversations/${id}/assignments`, { assignee_id: agent.id });
  await call(t, account.admin, 'POST', `${api}/conversations/${id}/messages`, { content: 'Yes' });
  await resolve(id);
  return { browser, id, uuid: (await of(id)).uuid };
}
const survey = (browser: Browser) => eventually('the survey', async () => (await asked(browser))[0]);

describe('in the chat', () => {
  test('what a program asks by itself counts like our own question, once in a conversation', async () => {
    const browser = await openBrowser(t, chat);
    const id = (await browser.call('POST', 'messages', { message: { content: 'Hello' } })).body.conversation_id as number;
    const ask = async () => (await call(t, account.admin, 'POST', `${api}/conversations/${id}/messages`, { content: 'How was it?', content_type: 'input_csat' })).body.id as number;
    const [first, second] = [await ask(), await ask()];
    expect((await rate(browser, first, { rating: 9 })).status).toBe(422);
    expect((await rate(browser, first, { rating: 2 })).body.content_attributes.submitted_values).toEqual({ csat_survey_response: { rating: 2, feedback_message: '' } });
    const { body } = await call(t, account.admin, 'GET', `${api}/csat_survey_responses?rating=2`);
    expect(body).toEqual([expect.objectContaining({ message_id: first, conversation_id: id, rating: 2 })]);
    expect((await rate(browser, second, { rating: 1 })).status).toBe(422);
    await call(t, account.admin, 'DELETE', `${api}/conversations/${id}`);
  });

  test('a resolved conversation is asked once; the rating can be changed for 14 days and stays with who took care of it', async () => {
    const { browser, id, uuid } = await resolved();
    const question = await survey(browser);
    expect(question).toMatchObject({ content: 'How was it?', message_type: 3, content_attributes: { display_type: 'star' } });
    const rated = await rate(browser, question.id, { rating: 4, feedback_message: 'Good <b>people</b>' });
    expect([rated.status, rated.body.content_attributes.submitted_values]).toEqual([200, { csat_survey_response: { rating: 4, feedback_message: 'Good <b>people</b>' } }]);
    await call(t, account.admin, 'POST', `${api}/conversations/${id}/assignments`, { assignee_id: account.admin.id });
    expect((await rate(browser, question.id, { rating: '5' })).status).toBe(200);
    const { body: [first] } = await call(t, account.admin, 'GET', `${api}/csat_survey_responses?rating=5`);
    expect(first).toMatchObject({ rating: 5, feedback_message: 'Good <b>people</b>', message_id: question.id, conversation_id: id, account_id: account.id, assigned_agent: { id: agent.id } });
    const inThread = await call(t, agent, 'GET', `${api}/conversations/${id}/messages`);
    expect(inThread.body.payload.find((m: Survey) => m.id === question.id).content_attributes.submitted_values.csat_survey_response.rating).toBe(5);

    await call(t, account.admin, 'POST', `${api}/conversations/${id}/toggle_status`, { status: 'open' });
    await resolve(id);
    await Promise.all([told(id), told(id)]);
    expect(await asked(browser)).toHaveLength(1);

    t.clock.advance(14 * DAY + 60_000);
    const late = await rate(browser, question.id, { rating: 1 });
    const latePut = await call(t, null, 'PUT', `/public/api/v1/csat_survey/${uuid}`, { message: { submitted_values: { csat_survey_response: { rating: 1 } } } });
    t.clock.advance(-14 * DAY - 60_000);
    expect([late.status, latePut.status, late.body]).toEqual([422, 422, { error: 'You cannot update the CSAT survey after 14 days' }]);
    expect((await call(t, null, 'GET', `/public/api/v1/csat_survey/${uuid}`)).body.csat_survey_response.rating).toBe(5);
  });

  test.each([
    [{ rating: 6 }], [{ rating: 0 }], [{ rating: 2.5 }], [{ rating: 'great' }], [{}], [{ rating: 3, feedback_message: 'x'.repeat(10_001) }], [{ rating: 3, feedback_message: 'a\u0000b' }],
    [null], [Array.from({ length: 5000 }, () => 1)],
  ])('what is no rating is refused: %#', async (value) => {
    const { browser } = await (bad ??= resolved());
    const question = await survey(browser);
    expect((await rate(browser, question.id, value)).status).toBe(422);
    expect((await asked(browser))[0]!.content_attributes['submitted_values']).toBeUndefined();
  });
  let bad: ReturnType<typeof resolved> | undefined;

  test('nobody is asked without an answer of a person, against the label rule, when muted or where surveys are off', async () => {
    const off = await makeWebChat(t, account, {}, { enable_email_collect: false });
    const unanswered = await openBrowser(t, chat);
    const unansweredId = (await unanswered.call('POST', 'messages', { message: { content: 'Hello?' } })).body.conversation_id as number;
    await resolve(unansweredId);
    await call(t, account.admin, 'POST', `${api}/labels`, { title: 'spam' });
    const labelled = await makeConversation(t, account, chat);
    await makeMessage(t, labelled, account.admin);
    await call(t, account.admin, 'POST', `${labelled.url}/labels`, { labels: ['spam'] });
    await resolve(labelled.id);
    const muted = await makeConversation(t, account, chat);
    await makeMessage(t, muted, account.admin);
    await call(t, account.admin, 'POST', `${muted.url}/mute`);
    const elsewhere = await resolved(off);
    for (const id of [unansweredId, labelled.id, muted.id, elsewhere.id]) {
      await told(id);
      const { body } = await call(t, account.admin, 'GET', `${api}/conversations/${id}/messages`);
      expect(body.payload.filter((m: { content_type: string }) => m.content_type === 'input_csat')).toEqual([]);
    }
  });
});

describe('by link', () => {
  test('a channel without questions in its thread sends a link; the page takes the answer without a script and speaks the reader\'s language', async () => {
    const inbox = await makeInbox(t, account, { csat_survey_enabled: true });
    const conversation = await makeConversation(t, account, inbox);
    await makeMessage(t, conversation, account.admin);
    await resolve(conversation.id);
    const message = await eventually('the survey', async () => {
      const { body } = await call(t, account.admin, 'GET', `${conversation.url}/messages`);
      return (body.payload as Survey[]).find((m) => (m as unknown as { content_type: string }).content_type === 'input_csat');
    });
    const { uuid } = await of(conversation.id);
    expect(message.content).toMatch(new RegExp(`^How did we do\\?[^]*\\n\\nhttp://localhost:\\d+/survey/responses/${uuid}$`));

    const page = `${t.url}/survey/responses/${uuid}`;
    const shown = await fetch(page, { headers: { 'accept-language': 'ar' } });
    const html = await shown.text();
    expect([shown.status, shown.headers.get('content-security-policy')]).toEqual([200, expect.stringMatching(/default-src 'none'.*form-action 'self'/)]);
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html.length).toBeLessThan(30_000);
    const post = (form: Record<string, string>) => fetch(page, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    const without = await post({ feedback_message: 'no rating' });
    expect([without.status, await without.text()]).toEqual([422, expect.stringContaining('Please choose one of the five.')]);
    const sent = await post({ rating: '2', feedback_message: '<script>alert(1)</script>' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/survey/responses/${uuid}`]);
    const thanks = await (await fetch(page)).text();
    expect(thanks).toContain('&#60;script&#62;alert(1)');
    expect(thanks).not.toContain('<script');
    expect((await call(t, null, 'GET', `/public/api/v1/csat_survey/${uuid}`)).body).toMatchObject({
      id: message.id, display_type: 'emoji', content: expect.not.stringContaining('http'), inbox_name: inbox.name, locale: 'en',
      csat_survey_response: { rating: 2, feedback_message: '<script>alert(1)</script>' },
    });
  });

  test.each(['00000000-0000-7000-8000-000000000000', 'x', '../../etc/passwd', '1'.repeat(60)])('a made-up address %s is nothing', async (uuid) => {
    const encoded = encodeURIComponent(uuid);
    expect((await call(t, null, 'GET', `/public/api/v1/csat_survey/${encoded}`)).status).toBe(404);
    expect((await call(t, null, 'PUT', `/public/api/v1/csat_survey/${encoded}`, { message: { submitted_values: { csat_survey_response: { rating: 5 } } } })).status).toBe(404);
    const page = await fetch(`${t.url}/survey/responses/${encoded}`);
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('There is no such survey')]);
  });
});

describe('the report', () => {
  test('counts, filters and exports, for administrators only', async () => {
    const other = await makeAccount(t);
    const inbox = await makeWebChat(t, other, {}, { enable_email_collect: false, csat_survey_enabled: true });
    const path = `/api/v1/accounts/${other.id}`;
    for (const rating of [5, 5, 1, null]) {
      const browser = await openBrowser(t, inbox);
      const { conversation_id: id } = (await browser.call('POST', 'messages', { message: { content: 'Hello' } })).body;
      await call(t, other.admin, 'POST', `${path}/conversations/${id}/messages`, { content: 'Yes' });
      await call(t, other.admin, 'POST', `${path}/conversations/${id}/toggle_status`, { status: 'resolved' });
      const question = await survey(browser);
      if (rating !== null) await rate(browser, question.id, { rating, feedback_message: rating === 1 ? '=cmd|"/c calc"!A0, slow' : '' });
    }
    const get = (query: string) => call(t, other.admin, 'GET', `${path}/csat_survey_responses${query}`).then((a) => a.body);
    expect(await get('/metrics')).toEqual({ total_count: 3, ratings_count: { 1: 1, 5: 2 }, total_sent_messages_count: 4 });
    expect(await get(`/metrics?rating=5&inbox_id=${inbox.id}`)).toEqual({ total_count: 2, ratings_count: { 5: 2 }, total_sent_messages_count: 4 });
    expect((await get('?sort=rating')).map((r: { rating: number }) => r.rating)).toEqual([1, 5, 5]);
    expect(await get('?page=2')).toEqual([]);
    expect(await get(`?user_ids[]=${other.admin.id}`)).toEqual([]);
    expect(await get(`?until=${Math.floor(t.clock.now() / 1000) - 3600}`)).toEqual([]);
    expect(await get(`?until=${Math.floor(t.clock.now() / 1000) - 3600}.25`)).toEqual([]);
    const file = await fetch(`${t.url}${path}/csat_survey_responses/download?rating=1`, { headers: other.admin.headers });
    expect(file.headers.get('content-disposition')).toContain('csat_report.csv');
    const lines = (await file.text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`,1,"'=cmd|""/c calc""!A0, slow",`);
    expect((await call(t, agent, 'GET', `${api}/csat_survey_responses`)).status).toBe(401);
    expect((await call(t, account.admin, 'GET', `${path}/csat_survey_responses`)).status).toBe(401);
    expect((await call(t, other.admin, 'GET', `${path}/csat_survey_responses?rating=6`)).status).toBe(422);
  });
});

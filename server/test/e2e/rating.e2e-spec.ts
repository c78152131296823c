import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityProblems, looksRight, openBrowser } from './browser.js';
import { eventually } from '../http.js';
import { HostPage } from './host-page.js';
import { Installation } from './installation.js';
import { sitAtFirstDesk, callAs, joinByInvitation, type Desk } from './people.js';

let installation: Installation;
let browser: Browser;
let maya: Desk;
let samuel: Desk;
let host: HostPage;
const api = '/api/v1/accounts/1';
const as = <T>(method: 'GET' | 'POST' | 'PATCH', path: string, data?: object): Promise<T> => callAs<T>(maya, installation, method, api + path, data);
beforeAll(async () => {
  installation = await Installation.start();
  browser = await openBrowser();
  maya = await sitAtFirstDesk(browser, installation);
  const inbox = await as<{ id: number; web_widget_script: string }>('POST', '/inboxes', {
    name: 'Website', csat_survey_enabled: true, csat_config: { display_type: 'emoji', message: 'How was it?' }, channel: { type: 'web_widget', website_url: 'http://localhost' },
  });
  const agent = await as<{ id: number; invitation_url: string }>('POST', '/agents', { name: 'Samuel Osei', email: 'samuel@harbour.example', role: 'agent' });
  await as('POST', '/inbox_members', { inbox_id: inbox.id, user_ids: [agent.id] });
  samuel = await joinByInvitation(browser, agent.invitation_url);
  host = await HostPage.with(inbox.web_widget_script);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await installation?.remove();
});

test('a visitor rates in the chat, changes it by the link, and the answer is in the report', async () => {
  const visitor = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })).newPage();
  // What is fetched once somebody has written, and to rate, does not come the first time.
  const missed = new Set<string>();
  await visitor.route(/\/widget-assets\/(live|Interactive)-.*\.js/, (route) => {
    const name = new URL(route.request().url()).pathname;
    return missed.has(name) ? route.fallback() : (missed.add(name), route.abort());
  });
  await visitor.goto(host.url);
  await visitor.getByRole('button', { name: 'Open chat' }).click();
  const chat = visitor.frameLocator('iframe');
  await chat.getByRole('textbox', { name: 'Message' }).fill('Is there bread today?');
  await chat.getByRole('button', { name: 'Send' }).click();
  await eventually('the message has arrived', () => as('GET', '/conversations/1').catch(() => undefined));
  await as('POST', '/conversations/1/messages', { content: 'Yes, until six.' });
  await as('POST', '/conversations/1/toggle_status', { status: 'resolved' });
  await chat.getByRole('group', { name: /How was it/ }).waitFor();
  await chat.getByRole('radio', { name: 'Good', exact: true }).check({ force: true });
  await chat.getByLabel('Would you like to tell us more?').fill('Warm people <3');
  expect(await accessibilityProblems(visitor)).toEqual([]);
  await chat.getByRole('button', { name: 'Save' }).click();
  await chat.getByText('Thank you.').waitFor();
  expect([...missed].map((name) => name.replace(/.*\/(\w+).*/, '$1')).sort()).toEqual(['Interactive', 'live']);

  const { uuid } = await as<{ uuid: string }>('GET', '/conversations/1');
  const page = await (await browser.newContext({ locale: 'ar', javaScriptEnabled: false })).newPage();
  await page.goto(`${installation.url}/survey/responses/${uuid}`);
  await page.getByText('Warm people <3').waitFor();
  await page.getByRole('link').click();
  expect(await page.getByRole('radio', { checked: true }).getAttribute('value')).toBe('4');
  await page.getByRole('radio').nth(4).check({ force: true });
  await page.getByRole('button').click();
  await page.getByRole('status').waitFor();
  const withScripts = await (await browser.newContext({ locale: 'ar' })).newPage();
  await withScripts.goto(`${installation.url}/survey/responses/${uuid}?change=1`);
  await looksRight(withScripts, 'survey-page');

  await maya.page.goto(`${installation.url}/app/accounts/1/settings/satisfaction`);
  await maya.page.getByText('Warm people <3').waitFor();
  await eventually('the figures are there', async () => (await maya.page.locator('dd').allTextContents()).join(' ') === '100% 1 100%');
  await looksRight(maya.page, 'satisfaction');
});

test('who is mentioned in a note sees the bell, opens it, and it is quiet again; they choose what they are told of', async () => {
  const { page } = samuel;
  await page.goto(`${installation.url}/app/accounts/1/settings/notifications`);
  await page.getByRole('checkbox', { name: 'New conversations: Here' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await looksRight(page, 'preferences');

  await maya.page.goto(`${installation.url}/app/accounts/1/conversations/1`);
  await maya.page.getByRole('button', { name: 'Note', exact: true }).click();
  await maya.page.getByRole('textbox', { name: 'Note for your team' }).pressSequentially('Please thank them @Sam');
  await maya.page.getByRole('option', { name: /Samuel/ }).click();
  await maya.page.getByRole('button', { name: 'Add note' }).click();

  await page.getByRole('link', { name: /Notifications.*1/ }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  const line = page.getByRole('link', { name: /Maya Lindqvist mentioned you/ });
  await line.waitFor();
  await looksRight(page, 'notifications');
  await line.click();
  await page.waitForURL(/conversations\/1$/);
  await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import sharp from 'sharp';
import { accessibilityProblems, openBrowser } from './browser.js';
import { HostPage } from './host-page.js';
import { Installation } from './installation.js';
import { becomeAdministrator, callAs, joinByInvitation, type Desk } from './people.js';

/** One long story, told in steps that build on each other: a visitor on somebody's website and two colleagues. */
let installation: Installation;
let browser: Browser;
let maya: Desk;
let samuel: Desk;
let host: HostPage;
let inboxId: number;
let visitorContext: BrowserContext;
let visitor: Page;
let chat: FrameLocator;
const asked: string[] = [];

beforeAll(async () => {
  installation = await Installation.start();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await installation?.remove();
});

// The steps build on each other: after one has failed the others would only wait for what never comes.
let isBroken = false;
const step = (name: string, work: () => Promise<void>, timeout = 120_000): void => {
  test(name, async () => {
    if (isBroken) throw new Error('An earlier step failed.');
    isBroken = true;
    try {
      await work();
      isBroken = false;
    } catch (error) {
      await keepPictures();
      throw error;
    }
  }, timeout);
};
/** What everybody saw when it went wrong, for whoever mends it: TEST_PICTURES names the folder. */
const keepPictures = async (): Promise<void> => {
  const folder = process.env['TEST_PICTURES'];
  if (!folder) return;
  for (const [name, page] of Object.entries({ maya: maya?.page, samuel: samuel?.page, visitor })) await page?.screenshot({ path: `${folder}/${name}.png` }).catch(() => undefined);
};

const photo = async (color: string) => ({ name: `${color}.png`, mimeType: 'image/png', buffer: await sharp({ create: { width: 320, height: 200, channels: 3, background: color } }).png().toBuffer() });
const log = (desk: Desk) => desk.page.getByRole('log', { name: 'Messages' });
const answer = async (desk: Desk, text: string): Promise<void> => {
  await desk.page.getByRole('textbox', { name: 'Reply' }).fill(text);
  await desk.page.getByRole('button', { name: 'Send', exact: true }).click();
};
const write = async (text: string): Promise<void> => {
  await chat.getByRole('textbox', { name: 'Message' }).fill(text);
  await chat.getByRole('button', { name: 'Send' }).click();
};
const openChat = async (): Promise<void> => {
  await visitor.getByRole('button', { name: 'Open chat' }).click();
  chat = visitor.frameLocator('iframe');
};

step('the first administrator sets up, makes a chat and invites a colleague', async () => {
  maya = await becomeAdministrator(browser, installation);
  const inbox = await callAs<{ id: number; web_widget_script: string }>(maya, installation, 'POST', '/api/v1/accounts/1/inboxes', { name: 'Website', channel: { type: 'web_widget', website_url: 'http://localhost', welcome_title: 'How can we help?' } });
  inboxId = inbox.id;
  const agent = await callAs<{ id: number; invitation_url: string }>(maya, installation, 'POST', '/api/v1/accounts/1/agents', { name: 'Samuel Osei', email: 'samuel@harbour.example', role: 'agent' });
  await callAs(maya, installation, 'POST', '/api/v1/accounts/1/inbox_members', { inbox_id: inbox.id, user_ids: [agent.id] });
  samuel = await joinByInvitation(browser, agent.invitation_url);
  host = await HostPage.with(inbox.web_widget_script);
});

step('the snippet fetches one small file until somebody wants to talk', async () => {
  visitorContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  visitor = await visitorContext.newPage();
  visitor.on('request', (request) => { asked.push(request.url()); });
  await visitor.goto(host.url);
  await visitor.getByRole('button', { name: 'Open chat' }).waitFor();
  await visitor.waitForLoadState('networkidle');
  expect(asked.filter((url) => url.startsWith(installation.url))).toEqual([`${installation.url}/widget.js`]);
});

step('whoever puts the chat on a website sees the light turn on', async () => {
  await maya.page.goto(`${installation.url}/app/accounts/1/settings/inboxes/${inboxId}/install`);
  const light = maya.page.getByRole('status');
  await light.getByText('Waiting for your site').waitFor();
  await openChat();
  await light.getByText('We see it').waitFor();
  await light.getByText(new URL('/', host.url).href).waitFor();
});

step('a visitor writes, an agent sees it and answers', async () => {
  await write('Hello, is there parking beside the hall?');
  await maya.page.goto(`${installation.url}/app/accounts/1/conversations`);
  await maya.page.getByRole('tab', { name: /^All/ }).click();
  await maya.page.getByRole('listitem').filter({ hasText: 'is there parking' }).click();
  await log(maya).getByText('is there parking beside the hall?').waitFor();
  await answer(maya, 'Yes, **right beside the ramp**.');
  await chat.getByRole('log', { name: 'Conversation' }).getByText('right beside the ramp').waitFor();
  expect(await chat.locator('strong', { hasText: 'right beside the ramp' }).count()).toBe(1);
});

step('photographs go both ways', async () => {
  const [choosing] = await Promise.all([visitor.waitForEvent('filechooser'), chat.getByRole('button', { name: 'Attach files' }).click()]);
  await choosing.setFiles(await photo('red'));
  await chat.getByRole('button', { name: 'Send' }).click();
  await log(maya).getByRole('button', { name: 'Open picture red.png' }).waitFor();
  const [choosingToo] = await Promise.all([maya.page.waitForEvent('filechooser'), maya.page.getByRole('button', { name: 'Attach files' }).click()]);
  await choosingToo.setFiles(await photo('green'));
  await maya.page.getByRole('button', { name: 'Send', exact: true }).click();
  await chat.getByRole('link', { name: /green/ }).waitFor();
});

step('the server is killed in the middle, and nothing is lost or doubled', async () => {
  await installation.kill();
  await write('Are you still there?');
  await chat.getByText('Waiting to send').waitFor();
  await answer(maya, 'I was away for a moment.');
  await installation.up();
  await log(maya).getByText('Are you still there?').waitFor({ timeout: 40_000 });
  await chat.getByRole('log', { name: 'Conversation' }).getByText('I was away for a moment.').waitFor({ timeout: 40_000 });
  await chat.getByText('Waiting to send').waitFor({ state: 'detached' });
  expect(await log(maya).getByText('Are you still there?').count()).toBe(1);
  expect(await chat.getByRole('log', { name: 'Conversation' }).getByText('I was away for a moment.').count()).toBe(1);
});

step('the visitor reloads the page and finds everything', async () => {
  await visitor.reload();
  const open = visitor.getByRole('button', { name: /Open chat|Close chat/ });
  await open.waitFor();
  if (await visitor.locator('iframe').count() === 0 || await visitor.getByRole('button', { name: 'Open chat' }).count() > 0) await openChat();
  for (const text of ['is there parking beside the hall?', 'right beside the ramp', 'Are you still there?', 'I was away for a moment.']) {
    await chat.getByRole('log', { name: 'Conversation' }).getByText(text).waitFor();
  }
});

step('a second agent sees that somebody is answering, the visitor sees typing', async () => {
  await samuel.page.goto(`${installation.url}/app/accounts/1/conversations`);
  await samuel.page.getByRole('tab', { name: /^All/ }).click();
  await samuel.page.getByRole('listitem').filter({ hasText: 'Visitor' }).click();
  await log(samuel).getByText('is there parking beside the hall?').waitFor();
  // It is shown for seconds only, so everybody looks from the beginning.
  await Promise.all([
    samuel.page.getByText(/Maya.* is answering right now/).waitFor(), chat.getByText(/Maya.* is typing/).waitFor(),
    maya.page.getByRole('textbox', { name: 'Reply' }).pressSequentially('Shall we', { delay: 30 }),
  ]);
  await Promise.all([log(samuel).getByText(/is typing/).waitFor(), chat.getByRole('textbox', { name: 'Message' }).pressSequentially('One more', { delay: 30 })]);
});

step('nothing on these pages keeps anybody out', async () => {
  for (const page of [maya.page, samuel.page, visitor]) expect(await accessibilityProblems(page)).toEqual([]);
});

step('the chat asked nobody but us', async () => {
  const elsewhere = asked.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(installation.url) && !url.startsWith(host.url));
  expect(elsewhere).toEqual([]);
});

import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually } from '../http.js';
import { accessibilityProblems, openBrowser } from './browser.js';
import { HostPage } from './host-page.js';
import { Installation } from './installation.js';
import { sitAtFirstDesk, callAs, type Desk } from './people.js';

let installation: Installation;
let browser: Browser;
let maya: Desk;
let host: HostPage;
let visitor: Page;

beforeAll(async () => {
  installation = await Installation.start();
  browser = await openBrowser();
  maya = await sitAtFirstDesk(browser, installation);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await installation?.remove();
});

const ask = <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => callAs<T>(maya, installation, method, `/api/v1/accounts/1/${path}`, body);

test('a site with Chatwoot\'s snippet gets our chat, with its methods and events', async () => {
  const inbox = await ask<{ website_token: string }>('POST', 'inboxes', { name: 'Website', channel: { type: 'web_widget', website_url: 'http://localhost' } });
  await ask('POST', 'labels', { title: 'donor', color: '#15803d', show_on_sidebar: true });
  host = await HostPage.with(`<script>
    window.heard = [];
    for (const name of ['ready', 'opened', 'closed', 'on-start-conversation', 'postback', 'error']) window.addEventListener('chatwoot:' + name, (event) => window.heard.push(name + JSON.stringify(event.detail ?? null)));
    window.chatwootSettings = { position: 'left', type: 'expanded_bubble', launcherTitle: 'Ask us', locale: 'en', darkMode: 'dark' };
    (function (d, t) {
      var BASE_URL = '${installation.url}';
      var g = d.createElement(t), s = d.getElementsByTagName(t)[0];
      g.src = BASE_URL + '/packs/js/sdk.js'; g.defer = true; g.async = true; s.parentNode.insertBefore(g, s);
      g.onload = function () { window.chatwootSDK.run({ websiteToken: '${inbox.website_token}', baseUrl: BASE_URL }); };
    })(document, 'script');
  </script>`);
  visitor = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await visitor.goto(host.url);
  await visitor.getByRole('button', { name: 'Ask us' }).waitFor();
  const heard = (): Promise<string[]> => visitor.evaluate('window.heard');
  await eventually('it is ready', async () => (await heard()).includes('readynull'));

  await visitor.evaluate(`
    $chatwoot.setUser('donor-7', { name: 'Ada Lovelace', email: 'ada@example.org' });
    $chatwoot.setLabel('donor');
    $chatwoot.setConversationCustomAttributes({ campaign: 'winter', spare: 'x', stale: 'x' });
    $chatwoot.deleteConversationCustomAttribute('spare');
    $chatwoot.toggle('open');
  `);
  const chat = visitor.frameLocator('iframe');
  await chat.getByRole('textbox', { name: 'Message' }).fill('Where do I bring the tins?');
  // While the first message is under way there is no conversation to change yet, and it carries what was said before.
  let deliver: () => void = () => undefined;
  const delivered = new Promise<void>((resolve) => { deliver = resolve; });
  await visitor.route('**/messages*', async (route) => {
    await delivered;
    await route.continue();
  });
  const underWay = visitor.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/messages'));
  await chat.getByRole('button', { name: 'Send' }).click();
  await underWay;
  await visitor.evaluate("$chatwoot.deleteConversationCustomAttribute('stale'); $chatwoot.setConversationCustomAttributes({ van: 2 });");
  deliver();
  await eventually('the conversation carries what the site said', async () => {
    const { data } = await ask<{ data: { payload: { labels: string[]; custom_attributes: object; meta: { sender: { name: string; identifier: string } } }[] } }>('GET', 'conversations?assignee_type=all');
    return isDeepStrictEqual(data.payload.map(({ labels, custom_attributes, meta: { sender } }) => ({ labels, custom_attributes, name: sender.name, identifier: sender.identifier })),
      [{ labels: ['donor'], custom_attributes: { campaign: 'winter', van: 2 }, name: 'Ada Lovelace', identifier: 'donor-7' }]);
  });
  // A bot of Chatwoot's asks: what is pressed reaches it, or the page around the chat.
  const items = [{ title: 'Tins', value: 'tins' }, { title: 'Bread', value: 'bread' }];
  await ask('POST', 'conversations/1/messages', { content: 'What do you bring?', content_type: 'input_select', content_attributes: { items } });
  await ask('POST', 'conversations/1/messages', { content_type: 'cards', content_attributes: { items: [{ title: 'Our van', actions: [{ type: 'postback', text: 'Send the van', payload: 'VAN' }] }] } });
  await chat.getByRole('button', { name: 'Tins' }).press('Enter');
  await chat.getByRole('button', { name: 'Tins', pressed: true }).waitFor();
  await chat.getByText('Your answer: Tins').waitFor({ state: 'attached' });
  await chat.getByRole('button', { name: 'Send the van' }).click();
  await eventually('the page hears of it', async () => (await heard()).includes('postback{"event":"postback","data":{"payload":"VAN"}}'));
  expect(await accessibilityProblems(visitor)).toEqual([]);
  await maya.page.goto(`${installation.url}/app/accounts/1/conversations/1`);
  await maya.page.getByText('Ada Lovelace answered: Tins').waitFor();
  await maya.page.getByText('Send the van').waitFor();
  await visitor.evaluate("$chatwoot.removeLabel('donor'); $chatwoot.toggle('close');");
  await eventually('the label is gone', async () => (await ask<{ data: { payload: { labels: string[] }[] } }>('GET', 'conversations?assignee_type=all')).data.payload[0]!.labels.length === 0);
  expect(await heard()).toEqual(['readynull', 'openednull', 'on-start-conversationnull', 'postback{"event":"postback","data":{"payload":"VAN"}}', 'closednull']);
}, 120_000);

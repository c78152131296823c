import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { looksRight } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';
import { eventually } from '../http.js';
import { told } from './notices.js';
import { callAs } from './people.js';

let { installation, maya } = {} as FirstDesk;
atFirstDesk((there) => { ({ installation, maya } = there); });

test('an account\'s own tools are made in the settings and used in an answer', async () => {
  const { page } = maya;
  const api = '/api/v1/accounts/1';
  const go = (path: string) => page.goto(`${installation.url}/app/accounts/1/settings/${path}`);
  const save = () => page.getByRole('button', { name: 'Save' }).click();

  await go('teams');
  await page.getByRole('button', { name: 'New team' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Deliveries');
  await looksRight(maya.page, 'team-form');
  await save();
  await page.getByText('deliveries').waitFor();
  await looksRight(maya.page, 'teams');

  await go('replies');
  await page.getByRole('button', { name: 'New saved reply' }).first().click();
  await page.getByLabel('Short name').fill('thanks');
  await page.getByLabel('What it says').fill('Thank you, {{contact.first_name}}!');
  await save();
  await page.getByText('/thanks').waitFor();

  await go('attributes');
  await page.getByRole('button', { name: 'New attribute' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Size of household');
  await page.getByLabel('Kind').selectOption('number');
  await save();
  await page.getByText('People · Number').waitFor();

  await go('macros');
  await page.getByRole('button', { name: 'New macro' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Close it');
  await page.getByLabel('Action 1', { exact: true }).selectOption('resolve_conversation');
  await looksRight(maya.page, 'macro-form');
  await save();
  await page.getByText('Close it').waitFor();

  const inbox = await callAs<{ id: number }>(maya, installation, 'POST', `${api}/inboxes`, { name: 'Programs', channel: { type: 'api', webhook_url: '' } });
  const contact = await callAs<{ payload: { contact: { id: number } } }>(maya, installation, 'POST', `${api}/contacts`, { name: 'Ana Ferreira', email: 'ana@example.org' });
  const conversation = await callAs<{ id: number }>(maya, installation, 'POST', `${api}/conversations`, { inbox_id: inbox.id, contact_id: contact.payload.contact.id });

  await go('automation');
  await page.getByRole('button', { name: 'New rule' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Donations');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByLabel('Value', { exact: true }).fill('donation');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByLabel('What', { exact: true }).last().selectOption('email');
  await page.getByLabel('How', { exact: true }).last().selectOption('is_present');
  await page.getByLabel('Action 1', { exact: true }).selectOption('change_priority');
  await page.getByLabel('Priority').selectOption('high');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText(/Of the last \d+ conversations it would match \d+/).waitFor();
  await looksRight(maya.page, 'rule');
  await save();
  await page.getByRole('link', { name: 'Donations' }).waitFor();
  await looksRight(maya.page, 'rules');

  await callAs(maya, installation, 'POST', `${api}/conversations/${conversation.id}/messages`, { content: 'I have a donation', message_type: 'incoming' });
  await page.getByRole('link', { name: 'Donations' }).click();
  await eventually('the rule has acted', async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    return page.getByText('Acted').waitFor({ timeout: 2_000 }).then(() => true, () => false);
  });
  await looksRight(maya.page, 'rule-log');

  await page.goto(`${installation.url}/app/accounts/1/conversations/${conversation.id}`);
  // What the account has defined is asked for at everybody's side, by its name and kind.
  const household = page.getByLabel('Size of household', { exact: true });
  await household.fill('4');
  await household.press('Enter');
  await eventually('the household is known', async () => {
    const { meta } = await callAs<{ meta: { sender: { custom_attributes: { size_of_household?: unknown } } } }>(maya, installation, 'GET', `${api}/conversations/${conversation.id}`);
    return meta.sender.custom_attributes.size_of_household === 4;
  });
  // What is no number takes nothing away.
  await household.fill('1e400');
  await household.press('Enter');
  const box = page.getByRole('textbox', { name: 'Reply' });
  await box.fill('/tha');
  await page.getByRole('option', { name: /thanks/ }).waitFor();
  await looksRight(maya.page, 'saved-reply');
  await box.press('Enter');
  await eventually('the saved reply is in the answer', async () => (await box.inputValue()).trim() === 'Thank you, Ana!');
  await box.fill('/close');
  await page.getByRole('option', { name: /Close it/ }).click();
  await told(page, 'Close it is done');
  await eventually('it is closed', async () => { const { status, priority } = await callAs<{ status: string; priority: string }>(maya, installation, 'GET', `${api}/conversations/${conversation.id}`); return `${status} ${priority}` === 'resolved high'; });
  const { meta: after } = await callAs<{ meta: { sender: { custom_attributes: object } } }>(maya, installation, 'GET', `${api}/conversations/${conversation.id}`);
  expect(after.sender.custom_attributes).toMatchObject({ size_of_household: 4 });
});

test('a help centre is read at a desk and on a phone', async () => {
  const { page } = maya;
  const api = '/api/v1/accounts/1/portals';
  await callAs(maya, installation, 'POST', api, { name: 'Harbour help', slug: 'harbour', header_text: 'How can we help?', config: { allowed_locales: ['en', 'ar'], default_locale: 'en' } });
  const { payload: topic } = await callAs<{ payload: { id: number } }>(maya, installation, 'POST', `${api}/harbour/categories`, { name: 'Parcels', slug: 'parcels', locale: 'en' });
  const content = `# Who\n\nEverybody, see [the list](https://example.org).\n\n${'word'.repeat(60)}\n\n| Day | Open |\n|---|---|\n| Monday | 9 to 18 |\n\n\`\`\`\n${'a line of a program '.repeat(20)}\n\`\`\``;
  await callAs(maya, installation, 'POST', `${api}/harbour/articles`, { title: 'Who gets a parcel?', slug: 'who', locale: 'en', status: 'published', category_id: topic.id, content });
  for (const path of ['en', 'ar', 'en?query=parcel', 'en/categories/parcels', 'en/articles/who', 'en/articles/nothing']) {
    await page.goto(`${installation.url}/hc/harbour/${path}`);
    await looksRight(maya.page, `help centre ${path}`);
  }
});

test('an article is written for everybody, and everybody reads it', async () => {
  const { page } = maya;
  await page.goto(`${installation.url}/app/accounts/1/knowledge`);
  await page.getByRole('link', { name: 'New help centre' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Harbour help');
  await looksRight(maya.page, 'new help centre');
  await page.getByRole('button', { name: 'Make the help centre' }).click();

  await page.getByRole('button', { name: 'New category' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Parcels');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Parcels' }).click();
  await page.getByRole('button', { name: 'New article' }).click();
  await page.getByLabel('Title').fill('When are you open?');
  await looksRight(maya.page, 'new article');
  await page.getByRole('button', { name: 'Begin to write' }).click();

  await page.getByRole('textbox', { name: 'Text of the article' }).fill('# Every day\n\nNine to **six**.');
  await page.getByRole('heading', { name: 'Every day' }).waitFor();
  await page.getByText('Saved', { exact: true }).waitFor();
  await looksRight(maya.page, 'article');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const [shown] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: /See the public page/ }).click()]);
  await shown.getByText('Nine to six.').waitFor();
  expect(shown.url()).toBe(`${installation.url}/hc/harbour-help/en/articles/when-are-you-open`);
  await shown.close();
  await page.getByRole('link', { name: 'Back to Harbour help' }).click();
  await page.getByRole('listitem').getByText('Published').waitFor();
  await looksRight(maya.page, 'articles');
});

test('a program of one\'s own stands beside a conversation and is told whom it is about', async () => {
  const { page } = maya;
  const program = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(`<!doctype html><html lang="en"><title>Orders</title><main><h1>Orders</h1><p></p></main><script>
    addEventListener('message', ({ data }) => { const { event, data: of } = JSON.parse(data); document.querySelector('p').textContent = [event, of.contact.name, of.conversation.id, of.currentAgent.email].join(' '); });
    parent.postMessage('chatwoot-dashboard-app:fetch-info', '*');</script></html>`));
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`${installation.url}/app/accounts/1/settings/dashboard-apps`);
    await page.getByRole('button', { name: 'New app' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Orders');
    await page.getByLabel('Address of its page').fill(`http://127.0.0.1:${(program.address() as AddressInfo).port}/`);
    await looksRight(maya.page, 'app-form');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Orders', { exact: true }).waitFor();
    await page.goto(`${installation.url}/app/accounts/1/conversations/1`);
    await page.getByRole('button', { name: 'Orders' }).click();
    await page.frameLocator('iframe[title="Orders"]').frameLocator('iframe').getByText('appContext Ana Ferreira 1 maya@harbour.example').waitFor();
    await looksRight(maya.page, 'app');
  } finally {
    program.closeAllConnections();
    program.close();
  }
});

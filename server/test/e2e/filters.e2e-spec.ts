import { expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { looksRight } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';
import { eventually } from '../http.js';
import { told } from './notices.js';
import { callAs } from './people.js';

let { installation, maya } = {} as FirstDesk;
atFirstDesk((there) => { ({ installation, maya } = there); });

test('a filter is made and kept, and what it finds is changed at once and taken back', async () => {
  const { page } = maya;
  const api = '/api/v1/accounts/1';
  const team = await callAs<{ id: number }>(maya, installation, 'POST', `${api}/teams`, { name: 'intake' });
  const inbox = await callAs<{ id: number }>(maya, installation, 'POST', `${api}/inboxes`, { name: 'Programs', channel: { type: 'api', webhook_url: '' } });
  const ids: number[] = [];
  for (const name of ['Ana Ferreira', 'Bo Lund', 'Chidi Eze']) {
    const { payload } = await callAs<{ payload: { contact: { id: number } } }>(maya, installation, 'POST', `${api}/contacts`, { name });
    ids.push((await callAs<{ id: number }>(maya, installation, 'POST', `${api}/conversations`, { inbox_id: inbox.id, contact_id: payload.contact.id })).id);
  }
  const states = async () => Promise.all(ids.map(async (id) => (await callAs<{ status: string; meta: { team?: { id: number } } }>(maya, installation, 'GET', `${api}/conversations/${id}`))));
  await callAs(maya, installation, 'PATCH', `${api}/conversations/${ids[0]}`, { priority: 'urgent' });
  await callAs(maya, installation, 'PATCH', `${api}/conversations/${ids[1]}`, { priority: 'urgent' });

  await page.goto(`${installation.url}/app/accounts/1/conversations`);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'New filter' }).click();
  await page.getByLabel('What', { exact: true }).selectOption('priority');
  await page.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option', { name: 'Urgent' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Name', { exact: true }).fill('On fire');
  await looksRight(maya.page, 'filter');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('list', { name: 'Filters in use' }).getByText('On fire').waitFor();
  const row = (name: string) => page.locator('[role=listitem]').filter({ hasText: name });
  // Until the answer comes, the list shows what it showed before, or nothing.
  await eventually('two fit', async () => (await Promise.all(['Ana Ferreira', 'Bo Lund', 'Chidi Eze'].map((name) => row(name).count()))).join() === '1,1,0');

  // What begins to fit comes by itself.
  await callAs(maya, installation, 'PATCH', `${api}/conversations/${ids[2]}`, { priority: 'urgent' });
  await row('Chidi Eze').waitFor();

  await row('Chidi Eze').hover();
  await row('Chidi Eze').getByRole('checkbox').check();
  await row('Ana Ferreira').getByRole('checkbox').click({ modifiers: ['Shift'] });
  await page.getByText('3 chosen').waitFor();
  await looksRight(maya.page, 'bulk');
  await page.keyboard.press('t');
  await page.getByRole('option', { name: 'intake' }).click();
  // What is pointed at stays.
  await page.getByText('3 conversations changed.').hover();
  await eventually('all are with the team', async () => (await states()).every(({ meta }) => meta.team?.id === team.id));
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually('taken back', async () => (await states()).every(({ meta }) => meta.team === undefined));

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: /On fire.*3/ }).waitFor();
  await looksRight(maya.page, 'views');
  await page.getByRole('button', { name: 'Edit filter: On fire' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await told(page, 'On fire is deleted');
  await eventually('nothing is narrowed', async () => await page.getByRole('list', { name: 'Filters in use' }).count() === 0);
});

test('a file that does not come takes nothing else away: without a connection it comes later, one that an upgrade took is told', async () => {
  const { page } = maya;
  let way: 'gone' | 'cut' | 'open' = 'gone';
  const cut = (route: Route) => (way === 'cut' ? route.abort() : route.fallback());
  await page.route('**/health', cut);
  await page.route(/assets\/follow-account-.*\.js/, cut);
  await page.route(/assets\/AttributeList-.*\.js/, (route) => (way === 'gone' ? route.fulfill({ status: 404, body: '' }) : cut(route)));
  const facts = page.getByText('Nothing noted yet');
  const conversation = `${installation.url}/app/accounts/1/conversations/1`;
  const reply = page.getByRole('textbox', { name: 'Reply' });
  await page.goto(conversation);
  await reply.waitFor();
  await told(page, 'Porchlight was updated');
  expect([await reply.count(), await facts.count()]).toEqual([1, 0]);

  way = 'cut';
  await page.goto(conversation);
  await told(page, 'Porchlight cannot be reached');
  way = 'open';
  await reply.waitFor();
  await facts.first().waitFor();
  // What follows the account has come too.
  await callAs(maya, installation, 'POST', '/api/v1/accounts/1/conversations/1/messages', { content: 'The van is late', message_type: 'incoming' });
  await page.getByRole('log').getByText('The van is late').waitFor();
});

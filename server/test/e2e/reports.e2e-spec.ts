import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../http.js';
import { accessibilityProblems, keepPicture } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';
import { callAs } from './people.js';

/* The page of reports, from a first conversation to its file. */
let { installation, maya } = {} as FirstDesk;
let page: Page;
atFirstDesk((there) => { ({ installation, maya } = there); ({ page } = maya); });

const card = (name: string) => page.getByRole('group', { name: 'Figures' }).getByRole('button', { name: new RegExp(`^${name}`) });

test('shows what happened, compares, draws, and gives it as a file; on a phone, in the dark, from right to left', async () => {
  await page.getByRole('link', { name: 'Reports' }).click();
  await page.getByText('Nothing happened in this time').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  const api = '/api/v1/accounts/1';
  const inbox = await callAs<{ id: number }>(maya, installation, 'POST', `${api}/inboxes`, { name: 'Programs', channel: { type: 'api', webhook_url: '' } });
  const contact = await callAs<{ payload: { contact: { id: number } } }>(maya, installation, 'POST', `${api}/contacts`, { name: 'Ana Ferreira' });
  const conversation = await callAs<{ id: number }>(maya, installation, 'POST', `${api}/conversations`, { inbox_id: inbox.id, contact_id: contact.payload.contact.id });
  await callAs(maya, installation, 'POST', `${api}/conversations/${conversation.id}/messages`, { content: 'Are you open?', message_type: 'incoming' });
  await callAs(maya, installation, 'POST', `${api}/conversations/${conversation.id}/messages`, { content: 'Until six.' });
  await callAs(maya, installation, 'POST', `${api}/conversations/${conversation.id}/toggle_status`, { status: 'resolved' });
  await eventually('it is counted', async () => (await callAs<{ resolutions_count: number }>(maya, installation, 'GET', '/api/v2/accounts/1/reports/summary?type=account')).resolutions_count === 1);
  await page.getByLabel('Time', { exact: true }).selectOption('7');
  await page.getByRole('img', { name: 'New conversations' }).waitFor();
  await card('Resolved').click();
  await page.getByRole('img', { name: 'Resolved' }).waitFor();
  await page.getByText('Show as a table').click();
  await page.getByRole('region', { name: 'Resolved' }).getByRole('cell', { name: '1', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Inboxes' }).click();
  await page.getByRole('row', { name: /^Programs 1 1/ }).waitFor();
  expect(new URL(page.url()).searchParams.get('metric')).toBe('resolutions_count');

  const [file] = await Promise.all([page.waitForEvent('download'), (async () => {
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByRole('menuitem', { name: 'Inboxes (CSV)' }).click();
  })()]);
  expect(file.suggestedFilename()).toBe('inboxes_report.csv');

  for (const [name, size, colorScheme] of [['wide', [1440, 900], 'light'], ['dark', [1440, 900], 'dark'], ['phone', [390, 844], 'light']] as const) {
    await page.setViewportSize({ width: size[0], height: size[1] });
    await page.emulateMedia({ colorScheme });
    expect([name, await accessibilityProblems(page)]).toEqual([name, []]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await keepPicture(page, `reports-${name}`);
  }
  await page.request.fetch(`${installation.url}/api/v1/profile`, { method: 'PUT', data: { locale: 'ar' }, headers: { 'X-Requested-With': 'porchlight', Origin: installation.url } });
  await page.reload();
  await page.getByRole('heading', { name: 'التقارير', level: 1 }).waitFor();
  await page.getByRole('img', { name: 'تم حلها' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await keepPicture(page, 'reports-phone-arabic');
});

import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, keepPicture } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';
import { told } from './notices.js';
import { callAs } from './people.js';

/* The page for whoever keeps the installation going. */
let { installation, maya } = {} as FirstDesk;
let page: Page;
atFirstDesk((there) => { ({ installation, maya } = there); ({ page } = maya); });

const giveUp = (job: string, error: string): Promise<unknown> => installation.database.asOwner((client) =>
  client.query(`INSERT INTO dead_letters (account_id, job, payload, error, attempts) VALUES (1, $1, '{}', $2, 8)`, [job, error]));
const item = (work: string) => page.getByRole('listitem').filter({ hasText: work });

test('shows how everything does, and what was given up can be started again or let go', async () => {
  await giveUp('keep-delivery-tables', 'The disk was full.');
  await giveUp('paint-the-porch', 'There was no paint.');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('heading', { name: 'System', level: 1 }).waitFor();
  await item('Database').getByText('Fine').waitFor();
  await item('Last backup').getByText('Needs a look').waitFor();
  await item('keep-delivery-tables').getByText('The disk was full.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await keepPicture(page, 'system-light');
  await item('paint-the-porch').scrollIntoViewIfNeeded();
  await keepPicture(page, 'system-light-letters');

  await page.getByRole('button', { name: 'Try keep-delivery-tables again' }).click();
  await told(page, 'It was started again.');
  await item('keep-delivery-tables').waitFor({ state: 'detached' });
  // This version cannot do it: it says so, and the letter stays.
  await page.getByRole('button', { name: 'Try paint-the-porch again' }).click();
  await told(page, 'does not do this work any more');
  await page.getByRole('button', { name: 'Let go of paint-the-porch' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Let go' }).click();
  await page.getByText('Nothing was given up').waitFor();
  expect(await callAs<{ meta: { count: number } }>(maya, installation, 'GET', '/api/v1/system/dead_letters')).toMatchObject({ meta: { count: 0 } });
});

test('fits a phone, in the dark and from right to left', async () => {
  await giveUp('keep-delivery-tables', 'The disk was full.');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await item('keep-delivery-tables').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  await keepPicture(page, 'system-phone-dark');
  await page.setViewportSize({ width: 1440, height: 900 });
  await keepPicture(page, 'system-dark');
  await page.request.fetch(`${installation.url}/api/v1/profile`, { method: 'PUT', data: { locale: 'ar' }, headers: { 'X-Requested-With': 'porchlight', Origin: installation.url } });
  await page.reload();
  await page.getByRole('heading', { name: 'النظام', level: 1 }).waitFor();
  await item('keep-delivery-tables').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  await keepPicture(page, 'system-phone-arabic');
  await item('keep-delivery-tables').scrollIntoViewIfNeeded();
  await keepPicture(page, 'system-phone-arabic-letters');
});

test('shows administrators of an account only what is theirs', async () => {
  await installation.database.asOwner((client) => client.query('DELETE FROM super_administrators'));
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.request.fetch(`${installation.url}/api/v1/profile`, { method: 'PUT', data: { locale: 'en' }, headers: { 'X-Requested-With': 'porchlight', Origin: installation.url } });
  await page.reload();
  await item('keep-delivery-tables').waitFor();
  expect(await page.getByRole('heading', { name: 'Health' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Try keep-delivery-tables again' }).click();
  await page.getByText('Nothing was given up').waitFor();
});

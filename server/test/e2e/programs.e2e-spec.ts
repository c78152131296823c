import { expect, test } from '@jest/globals';
import { looksRight } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';

let { installation, maya } = {} as FirstDesk;
atFirstDesk((there) => { ({ installation, maya } = there); });

test('an administrator connects programs, gives one a token, and reads in the log who did it', async () => {
  const { page } = maya;
  const go = (path: string) => page.goto(`${installation.url}/app/accounts/1/settings/${path}`);

  await go('webhooks');
  await page.getByRole('link', { name: 'New webhook' }).first().click();
  await page.getByLabel('Address').fill('https://hooks.example.org/ledger');
  await page.getByLabel('Name').fill('Ledger');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Ledger' }).waitFor();
  await looksRight(maya.page, 'webhook');
  await go('webhooks');
  await page.getByRole('link', { name: 'Ledger' }).waitFor();
  await looksRight(maya.page, 'webhooks');

  await go('bots/new');
  await page.getByLabel('Name').fill('Robin');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Access token').first().waitFor();
  await looksRight(maya.page, 'bot');

  await go('tokens');
  await page.getByRole('button', { name: 'New token', exact: true }).click();
  await page.getByLabel('Name').fill('Donations sheet');
  await page.getByRole('group', { name: 'What it opens' }).getByLabel('Contacts').selectOption('read');
  await looksRight(maya.page, 'token-form');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await page.getByText('It is not shown again').first().waitFor();
  expect(await page.getByLabel('New token', { exact: true }).first().inputValue()).toMatch(/^pls_/);
  await looksRight(maya.page, 'tokens');

  await go('audit');
  await page.getByText('Ledger').first().waitFor();
  await looksRight(maya.page, 'audit');
});

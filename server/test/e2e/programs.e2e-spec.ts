import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityProblems, openBrowser } from './browser.js';
import { Installation } from './installation.js';
import { becomeAdministrator, type Desk } from './people.js';

let installation: Installation;
let browser: Browser;
let maya: Desk;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await openBrowser();
  maya = await becomeAdministrator(browser, installation);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await installation?.remove();
});

/** Nothing for axe to find, on a wide screen and on a phone in the dark, and nothing that sticks out. */
async function looksRight(name: string): Promise<void> {
  const { page } = maya;
  for (const [size, colorScheme] of [[[1440, 900], 'light'], [[390, 844], 'dark']] as const) {
    await page.setViewportSize({ width: size[0], height: size[1] });
    await page.emulateMedia({ colorScheme });
    expect([name, size[0], await accessibilityProblems(page)]).toEqual([name, size[0], []]);
    expect([name, size[0], await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([name, size[0], true]);
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: `${process.env['SCREENSHOTS']}/${name}-${size[0]}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('an administrator connects programs, gives one a token, and reads in the log who did it', async () => {
  const { page } = maya;
  const go = (path: string) => page.goto(`${installation.url}/app/accounts/1/settings/${path}`);

  await go('webhooks');
  await page.getByRole('link', { name: 'New webhook' }).first().click();
  await page.getByLabel('Address').fill('https://hooks.example.org/ledger');
  await page.getByLabel('Name').fill('Ledger');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Ledger' }).waitFor();
  await looksRight('webhook');
  await go('webhooks');
  await page.getByRole('link', { name: 'Ledger' }).waitFor();
  await looksRight('webhooks');

  await go('bots/new');
  await page.getByLabel('Name').fill('Robin');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Access token').first().waitFor();
  await looksRight('bot');

  await go('tokens');
  await page.getByRole('button', { name: 'New token', exact: true }).click();
  await page.getByLabel('Name').fill('Donations sheet');
  await page.getByRole('group', { name: 'What it opens' }).getByLabel('Contacts').selectOption('read');
  await looksRight('token-form');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await page.getByText('It is not shown again').first().waitFor();
  expect(await page.getByLabel('New token', { exact: true }).first().inputValue()).toMatch(/^pls_/);
  await looksRight('tokens');

  await go('audit');
  await page.getByText('Ledger').first().waitFor();
  await looksRight('audit');
}, 90_000);

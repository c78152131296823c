import { expect, test } from '@jest/globals';
import { looksRight } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';
import { eventually } from '../http.js';
import { told } from './notices.js';
import { callAs } from './people.js';

let { installation, maya } = {} as FirstDesk;
atFirstDesk((there) => { ({ installation, maya } = there); });

test('somebody is written down, a list is brought in, and who is there twice becomes one', async () => {
  const { page } = maya;
  await page.getByRole('link', { name: 'Contacts' }).click();
  await page.getByText('No contacts yet').waitFor();
  await page.getByRole('button', { name: 'New contact' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Ana Ferreira');
  await page.getByLabel('Email').fill('ana@example.org');
  await page.getByRole('button', { name: 'Create contact' }).click();
  await page.getByRole('heading', { name: 'Ana Ferreira' }).waitFor();
  await page.getByLabel('Write a note').fill('Brings bread on Fridays.');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByText('Brings bread on Fridays.').waitFor();
  await looksRight(maya.page, 'contact');

  await page.getByRole('link', { name: 'Contacts' }).first().click();
  await page.getByRole('button', { name: 'Import' }).click();
  await looksRight(maya.page, 'import');
  const rows = Array.from({ length: 60 }, (_, i) => `Person ${i},person${i}@example.org,,volunteer`);
  await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(['name,email,phone,labels', ...rows, 'Ana F.,,+351 912 345 678,donor', 'Nobody,,,'].join('\n')) });
  await page.getByText('The import is finished.').waitFor();
  await looksRight(maya.page, 'imported');
  const rejected = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Get those rows' }).click();
  expect((await rejected).suggestedFilename()).toContain('people.csv');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('62 contacts').waitFor();
  await looksRight(maya.page, 'contacts');

  await page.getByRole('searchbox', { name: 'Search contacts' }).fill('ana');
  await page.getByText('2 found').waitFor();
  await page.getByRole('link', { name: 'Ana Ferreira' }).click();
  await page.getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('searchbox', { name: 'Name, email, phone number' }).fill('ana');
  await page.getByRole('button', { name: /Ana F\./ }).click();
  await page.getByText('Goes away').waitFor();
  await looksRight(maya.page, 'merge');
  await page.getByRole('button', { name: 'Merge both' }).click();
  await page.getByText('Merged into Ana Ferreira').waitFor();
  await eventually('the number has moved', async () => await page.getByLabel('Phone number').inputValue() === '+351912345678');
  const { meta } = await callAs<{ meta: { count: number } }>(maya, installation, 'GET', '/api/v1/accounts/1/contacts');
  expect(meta.count).toBe(61);

  // What was put on many at once is taken off many at once.
  await page.getByRole('link', { name: 'Contacts' }).first().click();
  await page.getByRole('searchbox', { name: 'Search contacts' }).fill('person1@example.org');
  await page.getByText('1 found').waitFor();
  await page.getByRole('checkbox', { name: /Person 1/ }).check();
  await page.getByRole('button', { name: 'Remove labels' }).click();
  await looksRight(maya.page, 'unlabel');
  await page.getByRole('dialog').getByRole('combobox', { name: 'Labels' }).click();
  await page.getByRole('option', { name: 'volunteer' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove labels' }).click();
  await told(page, 'Labels removed from 1 contact');
  await eventually('the label is off', async () => {
    const { payload } = await callAs<{ payload: { labels: string[] }[] }>(maya, installation, 'GET', '/api/v1/accounts/1/contacts?q=person1@example.org');
    return payload.length === 1 && payload[0]!.labels.length === 0;
  });
});

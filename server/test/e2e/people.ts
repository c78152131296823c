import type { Browser, BrowserContext, Page } from 'playwright-core';
import { generateSync } from 'otplib';
import { hearNotices } from './notices.js';
import type { Installation } from './installation.js';

export interface Desk { context: BrowserContext; page: Page }

async function openDesk(browser: Browser): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await hearNotices(page);
  return { context, page };
}

/** What the first administrator says of themselves. */
const FIRST = { account_name: 'Harbour Food Bank', name: 'Maya Lindqvist', email: 'maya@harbour.example', password: 'lantern bread anchor 71' };

/** Somebody with a dashboard: opens the first administrator's link, fills it in, sets up the second factor. */
export async function becomeAdministrator(browser: Browser, installation: Installation): Promise<Desk> {
  const { context, page } = await openDesk(browser);
  await page.goto(await installation.setupLink());
  await page.getByLabel('Name of your organisation').fill(FIRST.account_name);
  await page.getByLabel('Your name').fill(FIRST.name);
  await page.getByLabel('Email address').fill(FIRST.email);
  await page.getByRole('textbox', { name: 'Choose a password' }).fill(FIRST.password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  const secret = await page.getByLabel('Or type this key into the app').inputValue();
  await page.getByLabel('Six-digit code').fill(generateSync({ secret }));
  await page.getByRole('button', { name: 'Turn on two-step sign-in' }).click();
  await page.getByLabel('I have kept the codes').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('navigation').first().waitFor();
  return { context, page };
}

/** The same person at the same desk without the pages on the way there, for tests of what comes after. */
export async function sitAtFirstDesk(browser: Browser, installation: Installation): Promise<Desk> {
  const desk = await openDesk(browser);
  const token = new URL(await installation.setupLink()).searchParams.get('token')!;
  await callAs(desk, installation, 'POST', '/api/v1/installation', { ...FIRST, setup_token: token });
  const { secret } = await callAs<{ secret: string }>(desk, installation, 'POST', '/api/v1/profile/mfa');
  await callAs(desk, installation, 'POST', '/api/v1/profile/mfa/verify', { otp_code: generateSync({ secret }) });
  await desk.page.goto(`${installation.url}/app`);
  await desk.page.getByRole('navigation').first().waitFor();
  return desk;
}

/** Somebody who opens an invitation and chooses a password. */
export async function joinByInvitation(browser: Browser, link: string): Promise<Desk> {
  const { context, page } = await openDesk(browser);
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Choose a password' }).fill('meadow kettle willow 52');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('navigation').first().waitFor();
  return { context, page };
}

/** Calls the API with the desk's own session, as its page would. */
export async function callAs<T>(desk: Desk, installation: Installation, method: 'GET' | 'POST' | 'PATCH', path: string, data?: object): Promise<T> {
  const response = await desk.page.request.fetch(installation.url + path, {
    method, ...(data && { data }), headers: { 'X-Requested-With': 'porchlight', Origin: installation.url },
  });
  if (!response.ok()) throw new Error(`${method} ${path} answered ${response.status()}: ${await response.text()}`);
  return await response.json() as T;
}

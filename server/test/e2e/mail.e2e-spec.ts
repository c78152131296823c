import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../http.js';
import { SmtpReceiver } from '../smtp-receiver.js';
import { accessibilityProblems, looksRight } from './browser.js';
import { atFirstDesk, type FirstDesk } from './first-desk.js';
import { HostPage } from './host-page.js';
import { callAs } from './people.js';

let { installation, browser, maya } = {} as FirstDesk;
atFirstDesk((there) => { ({ installation, browser, maya } = there); });
let server: SmtpReceiver;
beforeAll(async () => { server = await SmtpReceiver.start(); });
afterAll(() => server?.stop());

const header = (raw: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(raw.replace(/\r\n[ \t]+/g, ' '))?.[1] ?? '';
/** What the last mail's frame says, read from outside: inside nothing runs. */
const textInFrame = (page: Page): Promise<string> => page.evaluate('[...document.querySelectorAll("article")].at(-1)?.querySelector("iframe")?.contentDocument?.body?.innerText ?? ""');
/** Pastes a small picture where the cursor is. */
const paste = (page: Page): Promise<unknown> => page.evaluate(`(() => {
  const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], 'plan.png', { type: 'image/png' }));
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
})()`);

test('a mail arrives, is answered with a picture in the text, and the answer quoted by Outlook comes back into the same conversation, folded', async () => {
  const { page } = maya;
  const inbox = await callAs<{ id: number; inbound_url: string }>(maya, installation, 'POST', '/api/v1/accounts/1/inboxes', {
    name: 'Help desk', channel: { type: 'email', email: 'help@harbour.example', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: server.port, smtp_enable_starttls_auto: false, smtp_login: '' },
  });
  const arrives = async (lines: string[]) => expect((await fetch(inbox.inbound_url, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: lines.join('\r\n') })).status).toBe(200);
  await arrives([
    'From: Ana Ferreira <ana@example.org>', 'To: help@harbour.example', 'Cc: Bo <bo@example.net>', 'Subject: Where do I go?', 'Message-ID: <first@example.org>', 'Date: Tue, 3 Mar 2026 10:00:00 +0000', 'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8', '', '<table><tr><td style="background:#fde68a"><h2>Where do I go?</h2><p>I have never been there.</p><img src="https://far.example/map.png" alt="Map" width="200" height="80"></td></tr></table><script>document.title="taken"</script>',
  ]);
  const conversations = async () => (await callAs<{ data: { payload: { id: number }[] } }>(maya, installation, 'GET', '/api/v1/accounts/1/conversations')).data.payload;
  const [{ id }] = await eventually('the mail is read', async () => { const all = await conversations(); return all.length === 1 && all as [{ id: number }]; });
  await page.goto(`${installation.url}/app/accounts/1/conversations/${id}`);
  await page.getByText('Pictures from elsewhere are not loaded.').waitFor();
  await eventually('the mail is shown', async () => (await textInFrame(page)).includes('I have never been there.'));
  expect(await page.title()).not.toBe('taken');
  await looksRight(page, 'mail');

  await page.getByRole('button', { name: 'Reply to all' }).click();
  await page.getByRole('textbox', { name: 'Reply', exact: true }).fill('Here is the plan:\n');
  await paste(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const sent = await eventually('the answer is sent', () => server.mails[0]);
  expect([header(sent.raw, 'to'), header(sent.raw, 'cc'), header(sent.raw, 'subject'), header(sent.raw, 'in-reply-to')]).toEqual(['Ana Ferreira <ana@example.org>', 'bo@example.net', 'Re: Where do I go?', '<first@example.org>']);
  expect(sent.raw).toMatch(/<img[^>]*src=3D"cid:file-|<img[^>]*src="cid:file-/);

  await arrives([
    'From: Ana Ferreira <ana@example.org>', 'To: help@harbour.example', 'Subject: RE: Where do I go?', 'Message-ID: <second@example.org>', `In-Reply-To: ${header(sent.raw, 'message-id')}`, 'Date: Tue, 3 Mar 2026 12:00:00 +0000', 'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8', '', '<div class="WordSection1"><p class="MsoNormal">Found it, thank you!</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Help desk &lt;help@harbour.example&gt;<br><b>Sent:</b> Tuesday, 3 March 2026 11:00<br><b>To:</b> Ana Ferreira<br><b>Subject:</b> Re: Where do I go?</p></div></div><p class="MsoNormal">Here is the plan:</p></div>',
  ]);
  const answer = page.getByRole('article').last();
  await answer.getByText('Found it, thank you!').waitFor();
  expect(await answer.getByText('Here is the plan').count()).toBe(0);
  await answer.getByRole('button', { name: 'Show the whole mail' }).click();
  await eventually('the whole mail is shown', async () => (await textInFrame(page)).includes('Here is the plan:'));
  await answer.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('dialog').getByText('Sender not verified').waitFor();
  await looksRight(page, 'details');
  await page.keyboard.press('Escape');
  expect(await conversations()).toHaveLength(1);

  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByLabel('To', { exact: true }).last().fill('new@example.org');
  await page.getByLabel('Subject').fill('Welcome');
  await page.getByLabel('Text').fill('We are glad that you are here.');
  await looksRight(page, 'new');
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  const first = await eventually('the first mail is sent', () => server.mails.find(({ to }) => to[0] === 'new@example.org'));
  expect(header(first.raw, 'subject')).toBe('Welcome');
});

test('a visitor has the conversation sent to them, with keys alone', async () => {
  const inbox = await callAs<{ web_widget_script: string }>(maya, installation, 'POST', '/api/v1/accounts/1/inboxes', { name: 'Website', channel: { type: 'web_widget', website_url: 'http://localhost' } });
  const host = await HostPage.with(inbox.web_widget_script);
  try {
    const visitor = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })).newPage();
    await visitor.goto(host.url);
    await visitor.getByRole('button', { name: 'Open chat' }).press('Enter');
    const chat = visitor.frameLocator('iframe');
    await chat.getByRole('textbox', { name: 'Message' }).fill('When is the van coming?');
    await chat.getByRole('button', { name: 'Send' }).press('Enter');
    const copy = chat.getByRole('button', { name: 'Send me a copy by email' });
    await copy.press('Enter');
    const box = chat.getByLabel('Where should we send it?');
    await eventually('the keys are in the box', () => box.evaluate('document.activeElement.id === "copy-email"'));
    await visitor.keyboard.type('vi at example');
    await visitor.keyboard.press('Enter');
    await chat.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    await eventually('the box says so, and has the keys', async () => await box.getAttribute('aria-invalid') === 'true' && await box.evaluate('document.activeElement.id') === 'copy-email');
    expect(await accessibilityProblems(visitor)).toEqual([]);
    await box.fill('vi@example.org');
    await visitor.keyboard.press('Enter');
    await chat.getByRole('status').getByText('On its way.').waitFor();
    const sent = await eventually('the copy is sent', () => server.mails.find(({ to }) => to[0] === 'vi@example.org'));
    expect(sent.raw).toContain('When is the van coming?');
    await visitor.keyboard.press('Escape');
    await eventually('the keys are back at the button', () => copy.evaluate('document.activeElement.getAttribute("aria-label") === "Send me a copy by email"'));
  } finally {
    await host.close();
  }
});

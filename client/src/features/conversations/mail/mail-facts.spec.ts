import { expect, test } from '@jest/globals';
import { isFolded, isRich, mailFacts, senderProof, type MailFacts } from './mail-facts';

const mail = (more: Partial<MailFacts> = {}): MailFacts => ({ subject: 'Hi', from: ['vi@example.org'], to: [], cc: [], ...more });
const html = (reply: string | null): MailFacts => mail({ html_content: { full: reply, reply } });

test('a mail is shown in its own form only where its text would say less', () => {
  expect(isRich(mail({ html_content: null }))).toBe(false);
  expect(isRich(html('<div dir="ltr">Just <b>words</b>, <a href="mailto:a@b.org">a@b.org</a></div>'))).toBe(false);
  for (const rich of ['<img data-cid="1">', '<table><tr><td>1</td></tr></table>', '<a class="x" href="https://a.org">here</a>', '<p style="background:#eee">x</p>']) expect(isRich(html(rich))).toBe(true);
  expect(isRich(html(null))).toBe(true);
});

test('the whole mail is offered where something of it is left out', () => {
  expect(isFolded(mail({ has_quote: false, complete: true, text_content: { full: 'When do you open?\r\n' } }), 'When do you open?')).toBe(false);
  for (const cut of [mail({ has_quote: true }), mail({ complete: false }), mail({ text_content: { full: 'When do you open? And why?' } })]) expect(isFolded(cut, 'When do you open?')).toBe(true);
});

test('who wrote is proved, refuted or unknown', () => {
  expect(senderProof(mail())).toBe('unknown');
  expect(senderProof(mail({ authentication: { spf: 'none', dkim: 'pass', dmarc: 'pass', aligned: true } }))).toBe('proved');
  expect(senderProof(mail({ authentication: { spf: 'pass', dkim: 'none', dmarc: 'fail', aligned: false } }))).toBe('refuted');
  expect(senderProof(mail({ authentication: { spf: 'fail', dkim: 'pass', dmarc: 'none', aligned: false } }))).toBe('unknown');
});

test('a message that did not come by mail has no such facts', () => {
  expect(mailFacts({ content_attributes: {} })).toBeUndefined();
  expect(mailFacts({ content_attributes: { email: mail() } as never })?.subject).toBe('Hi');
});

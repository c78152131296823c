import { expect, test } from '@jest/globals';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { webhookCheck, widgetSnippet } from './snippet';

test('the line for the page names our loader, the inbox and its colour', () => {
  expect(widgetSnippet('https://help.example.org', 'abc', '#0f766e')).toBe('<script src="https://help.example.org/widget.js" data-website-token="abc" data-color="#0f766e" async></script>');
  expect(widgetSnippet('https://help.example.org', 'abc')).not.toContain('data-color');
});

test('the sample that we show for checking webhooks accepts what is signed and nothing else', () => {
  const body = webhookCheck.replace(/^import .*\n/, '');
  const check = new Function('createHmac', 'timingSafeEqual', 'Buffer', `${body}; return isFromPorchlight;`)(createHmac, timingSafeEqual, Buffer) as (headers: Record<string, string>, raw: Buffer, secret: string) => boolean;
  const raw = Buffer.from('{"event":"message_created"}');
  const sign = (timestamp: number, secret: string) => ({ 'x-chatwoot-timestamp': String(timestamp), 'x-chatwoot-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(raw).digest('hex')}` });
  const now = Math.floor(Date.now() / 1000);
  expect(check(sign(now, 'secret'), raw, 'secret')).toBe(true);
  expect(check(sign(now, 'other'), raw, 'secret')).toBe(false);
  expect(check(sign(now, 'secret'), Buffer.from('{}'), 'secret')).toBe(false);
  expect(check(sign(now - 3600, 'secret'), raw, 'secret')).toBe(false);
  expect(check({}, raw, 'secret')).toBe(false);
});

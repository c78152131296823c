import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebhookReceiver } from '../../../test/webhook-receiver.js';
import { Clock } from '../../platform/clock/clock.js';
import { readConfig } from '../../platform/config/config.js';
import { AddressGuard } from '../../platform/outbound-http/address-guard.js';
import { OutboundHttp } from '../../platform/outbound-http/outbound-http.js';
import type { ChannelInbox } from '../contract/channel.js';
import type { OutboundMessage } from '../contract/outbound-message.js';
import { ApiChannel } from './api.channel.js';

const guard = new AddressGuard(readConfig({ DATABASE_URL: 'postgres://unused', SECRET_KEY: 'x'.repeat(40), OUTBOUND_ALLOW: '127.0.0.1' }));
const http = new OutboundHttp(guard);
const clock = new Clock();
const channel = new ApiChannel(http, clock, guard);
let receiver: WebhookReceiver;
let inbox: ChannelInbox;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  const secrets = channel.newSecrets();
  receiver.secret = secrets['secret']!;
  inbox = { id: 3, accountId: 1, name: 'Partner', publicToken: 'abc', senderNameType: 'friendly', businessName: null, config: { webhook_url: receiver.url }, secrets };
});
beforeEach(() => { receiver.received.length = 0; });
afterAll(async () => {
  await receiver.stop();
  await http.onApplicationShutdown();
});

const message = (changes: Partial<OutboundMessage> = {}): OutboundMessage => ({
  accountId: 1, accountName: 'Food bank', conversationId: 70, conversationDisplayId: 7, messageId: 900, attempt: 1, content: 'Hello', contentHtml: '<p>Hello</p>', contentType: 'text',
  contentAttributes: {}, inReplyTo: null, createdAt: new Date('2026-03-01T10:00:00Z'), sender: { id: 5, name: 'Ada', type: 'user' },
  contact: { id: 8, name: 'Vi', email: 'vi@example.org', phoneNumber: null, identifier: null }, sourceId: 'src-1',
  wire: { id: 900, content: 'Hello', message_type: 1, created_at: 1772359200, sender: { id: 5, type: 'user' }, conversation: { id: 7, status: 'open' } }, attachments: [], automatic: false, conversation: { uuid: '', createdAt: new Date(), additionalAttributes: {} }, locale: 'en', pushed: null, before: null, forwarded: null, ...changes,
});

describe('sending to a webhook', () => {
  test('the payload is Chatwoot\'s, signed both ways', async () => {
    expect(await channel.send(message({ pushed: { messages: [{ id: 901 }] } }), inbox)).toEqual({ kind: 'sent' });
    const [hook] = receiver.received;
    expect(receiver.forged).toEqual([]);
    expect(hook!.body).toMatchObject({
      event: 'message_created', id: 900, content: 'Hello', message_type: 'outgoing', created_at: '2026-03-01T10:00:00.000Z', private: false, sender: { id: 5, type: 'user' },
      account: { id: 1, name: 'Food bank' }, inbox: { id: 3, name: 'Partner' }, conversation: { id: 7, status: 'open', contact_inbox: { source_id: 'src-1' }, meta: { sender: { id: 8, name: 'Vi' } }, messages: [{ id: 900 }] },
    });
    expect(hook!.delivery).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs(Number(hook!.headers['webhook-timestamp']) * 1_000 - Date.now())).toBeLessThan(60_000);
  });

  test('every try of a message has the same delivery id, another message another', async () => {
    await channel.send(message(), inbox);
    await channel.send(message({ attempt: 2 }), inbox);
    await channel.send(message({ messageId: 901 }), inbox);
    const [a, b, c] = receiver.received.map((hook) => hook.delivery);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  test('without an address a message is sent at once', async () => {
    expect(await channel.send(message(), { ...inbox, config: {} })).toEqual({ kind: 'sent' });
    expect(receiver.received).toEqual([]);
  });

  test.each([
    ['refusals are final', { status: 422, body: 'no such chat' }, { kind: 'rejected', reason: 'The webhook answered 422: no such chat' }],
    ['a redirect is not followed', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, { kind: 'rejected', reason: 'The webhook answered 302.' }],
    ['an error is tried again', { status: 500 }, { kind: 'retry_after', reason: 'The webhook answered 500.' }],
    ['overload waits as long as it asks', { status: 429, headers: { 'retry-after': '77' } }, { kind: 'retry_after', ms: 77_000 }],
    ['an answer that drops is tried again, because receivers know the delivery id', 'accept, then drop', { kind: 'retry_after' }],
  ] as const)('%s', async (_name, behaviour, expected) => {
    receiver.next(behaviour);
    expect(await channel.send(message(), inbox)).toMatchObject(expected);
  });

  test('a Retry-After date counts from now', async () => {
    receiver.next({ status: 503, headers: { 'retry-after': new Date(clock.now() + 120_000).toUTCString() } });
    const outcome = await channel.send(message(), inbox);
    expect(outcome.kind === 'retry_after' && Math.abs(outcome.ms - 120_000)).toBeLessThan(3_000);
  });

  test('pauses grow over three days, and then it is given up', async () => {
    receiver.usual = { status: 500 };
    let total = 0;
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      const outcome = await channel.send(message({ attempt }), inbox);
      if (outcome.kind !== 'retry_after') throw new Error(`attempt ${attempt} was ${outcome.kind}`);
      total += outcome.ms;
    }
    expect(total / 3_600_000).toBeGreaterThan(60);
    expect(await channel.send(message({ attempt: 13 }), inbox)).toEqual({ kind: 'rejected', reason: 'Given up after 13 tries. The webhook answered 500.' });
    receiver.usual = 'ok';
  });

  test('a server that is not there is tried again; a private address never', async () => {
    const gone = await WebhookReceiver.start();
    const { url } = gone;
    await gone.stop();
    expect(await channel.send(message(), { ...inbox, config: { webhook_url: url } })).toMatchObject({ kind: 'retry_after', reason: 'The server refused the connection.' });
    expect(await channel.send(message(), { ...inbox, config: { webhook_url: 'https://10.0.0.1/' } })).toEqual({ kind: 'rejected', reason: expect.stringMatching(/^The address leads into a private network\. .*OUTBOUND_ALLOW/) });
  });
});

describe('settings', () => {
  test('an address that we would not go to is refused by name', () => {
    expect(channel.configSchema.safeParse({ webhook_url: 'https://192.168.1.5/hook' }).error?.issues[0]).toMatchObject({ path: ['webhook_url'], message: expect.stringMatching(/^The address leads into a private network\. .*OUTBOUND_ALLOW/) });
    expect(channel.configSchema.parse({ webhook_url: ' https://example.org/hook ' })).toMatchObject({ webhook_url: 'https://example.org/hook' });
    expect(channel.configSchema.parse({ webhook_url: '' })).toMatchObject({ webhook_url: null });
  });

  test('secrets are for administrators', () => {
    expect(channel.present(inbox, 'agent')).toEqual({ inbox_identifier: 'abc', webhook_url: receiver.url, hmac_mandatory: false, additional_attributes: {} });
    expect(channel.present(inbox, 'administrator')).toMatchObject({ secret: inbox.secrets['secret'], hmac_token: inbox.secrets['hmac_token'] });
  });
});

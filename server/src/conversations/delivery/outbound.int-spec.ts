import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { testWorker } from '../../../test/test-channel.js';
import { isNoAnswer, WebhookReceiver } from '../../../test/webhook-receiver.js';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import type { SendOutcome } from '../../channels/contract/outbound-message.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { SweepOutbound } from './sweep-outbound.job.js';

describe('outgoing messages', () => {
  let t: TestApp;
  let account: AccountWithAdmin;
  let receiver: WebhookReceiver;
  let inbox: MadeInbox;
  let agent: Person;
  let conversation: MadeConversation;
  beforeAll(async () => {
    t = await startTestApp();
    account = await makeAccount(t);
    receiver = await WebhookReceiver.start();
    receiver.ignores = isNoAnswer;
    inbox = await makeInbox(t, account, { type: 'api', channel: { webhook_url: receiver.url } });
    receiver.secret = String(inbox['secret']);
    agent = await makeAgentIn(t, account, inbox);
    conversation = await makeConversation(t, account, inbox);
  });
  afterAll(async () => { await t.close(); await receiver.stop(); });
  afterEach(() => { receiver.usual = 'ok'; receiver.received.length = 0; });

  const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> => t.app.get(SystemWork).sql<T>(text, params);
  const delivery = async (of: MadeConversation, id: number): Promise<{ state: string; error: string | null; attempt: number }> =>
    (await call(t, agent, 'GET', `${of.url}/messages`)).body.payload.find((m: { id: number }) => m.id === id).delivery;
  const becomes = (of: MadeConversation, id: number, state: string, timeoutMs?: number) =>
    eventually(`message ${id} is ${state}`, async () => { const now = await delivery(of, id); return now.state === state && now; }, timeoutMs);
  const say = (content: string, to = conversation, extra: object = {}): Promise<{ id: number }> => makeMessage(t, to, agent, { content, ...extra });
  // It also comes by itself every five seconds.
  const sweep = (): Promise<void> => t.app.get(SweepOutbound).run();
  const dueNow = async (id: number): Promise<void> => {
    await sql('UPDATE outbound_messages SET due_at = now() WHERE message_id = $1', [id]);
    await sweep();
  };
  /** Its retry comes when the test says so. */
  const notByItself = { 'retry-after': '3600' };
  const texts = (): string[] => receiver.received.map((hook) => hook.body.content as string);

  test('an agent\'s answer is posted, signed, with its conversation, and becomes sent', async () => {
    const { id } = await say('We open at *nine*');
    expect(await becomes(conversation, id, 'sent')).toEqual({ state: 'sent', error: null, attempt: 1 });
    expect(receiver.forged).toEqual([]);
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]!.body).toMatchObject({
      event: 'message_created', id, content: 'We open at *nine*', content_html: '<p>We open at <em>nine</em></p>', message_type: 'outgoing', sender: { id: agent.id, type: 'user' },
      account: { id: account.id, name: account.name }, inbox: { id: inbox.id }, conversation: { id: conversation.id, contact_inbox: { source_id: conversation.sourceId } },
    });
    expect(await sql('SELECT 1 FROM outbound_messages WHERE message_id = $1', [id])).toEqual([]);
    expect((await call<string>(t, null, 'GET', '/metrics')).body).toMatch(/^porchlight_outbound_sends_total\{channel="api",outcome="sent"\} \d+$/m);
  });

  test('notes stay inside', async () => {
    await say('between us', conversation, { private: true });
    const { id } = await say('for you');
    await becomes(conversation, id, 'sent');
    expect(texts()).toEqual(['for you']);
  });

  test('many at once arrive once each, in order', async () => {
    const own = await makeConversation(t, account, inbox);
    const said: number[] = [];
    for (let i = 0; i < 25; i += 1) said.push((await say(`line ${i}`, own)).id);
    await becomes(own, said.at(-1)!, 'sent');
    expect(texts()).toEqual(Array.from({ length: 25 }, (_, i) => `line ${i}`));
    expect(new Set(receiver.received.map((hook) => hook.delivery)).size).toBe(25);
  });

  test('twenty equal requests at once are one message, sent once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(t, agent, 'POST', `${conversation.url}/messages`, { content: 'just once', echo_id: 'the-same' })));
    expect(answers.map((a) => a.status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1);
    const after = await say('and then');
    await becomes(conversation, after.id, 'sent');
    expect(texts()).toEqual(['just once', 'and then']);
  });

  test('a server error is tried again; what comes later waits for it', async () => {
    const own = await makeConversation(t, account, inbox);
    receiver.next({ status: 500, body: 'restarting', headers: notByItself });
    const first = await say('first', own);
    expect(await eventually('waits for its retry', async () => { const d = await delivery(own, first.id); return d.error !== null && d; })).toEqual({ state: 'queued', error: 'The webhook answered 500: restarting', attempt: 1 });
    const second = await say('second', own);
    expect((await delivery(own, second.id)).state).toBe('queued');
    await dueNow(first.id);
    await becomes(own, second.id, 'sent');
    expect(await delivery(own, first.id)).toEqual({ state: 'sent', error: null, attempt: 2 });
    expect(texts()).toEqual(['first', 'first', 'second']);
    expect(receiver.received[0]!.delivery).toBe(receiver.received[1]!.delivery);
  });

  test('after a minute of retries the next message goes first', async () => {
    const own = await makeConversation(t, account, inbox);
    receiver.next({ status: 503, headers: { 'retry-after': '3600' } });
    const first = await say('stuck', own);
    await eventually('waits for its retry', async () => (await delivery(own, first.id)).error !== null);
    const second = await say('free', own);
    expect((await delivery(own, second.id)).state).toBe('queued');
    await sql(`UPDATE outbound_messages SET first_tried_at = first_tried_at - interval '61 seconds' WHERE message_id = $1`, [first.id]);
    await sweep();
    await becomes(own, second.id, 'sent');
    expect((await delivery(own, first.id)).state).toBe('queued');
  });

  test('overload waits as long as it asks, by itself', async () => {
    const own = await makeConversation(t, account, inbox);
    receiver.next({ status: 429, headers: { 'retry-after': '1' } });
    const { id } = await say('patience', own);
    await becomes(own, id, 'sent');
    expect(receiver.received[1]!.at - receiver.received[0]!.at).toBeGreaterThanOrEqual(950);
  });

  test('a refusal is final, says why, and does not hold up the next', async () => {
    const own = await makeConversation(t, account, inbox);
    receiver.next({ status: 404, body: 'unknown chat' });
    const first = await say('refused', own);
    const second = await say('accepted', own);
    await becomes(own, second.id, 'sent');
    expect(await delivery(own, first.id)).toEqual({ state: 'failed', error: 'The webhook answered 404: unknown chat', attempt: 1 });
  });

  test('an answer that drops is tried again with the same delivery id', async () => {
    const own = await makeConversation(t, account, inbox);
    receiver.next('accept, then drop');
    const { id } = await say('did you get it', own);
    await eventually('waits for its retry', async () => (await delivery(own, id)).error !== null);
    await dueNow(id);
    await becomes(own, id, 'sent');
    expect(new Set(receiver.received.map((hook) => hook.delivery)).size).toBe(1);
  });

  test('a status report that came first is kept', async () => {
    const own = await makeConversation(t, account, inbox);
    receiver.next({ status: 500, headers: notByItself });
    const { id } = await say('read early', own);
    await eventually('waits for its retry', async () => (await delivery(own, id)).error !== null);
    await sql('UPDATE messages SET status = 2, external_error = NULL WHERE id = $1', [id]);
    await dueNow(id);
    await eventually('no longer waits', async () => (await sql('SELECT 1 FROM outbound_messages WHERE message_id = $1', [id])).length === 0);
    expect((await delivery(own, id)).state).toBe('read');
  });

  test('without an address a message is sent at once', async () => {
    const quiet = await makeInbox(t, account, { type: 'api', members: [agent] });
    const own = await makeConversation(t, account, quiet);
    const { id } = await say('fetch me', own);
    await becomes(own, id, 'sent');
  });

  test('a message whose job was lost is found', async () => {
    const own = await makeConversation(t, account, inbox);
    await sql(`WITH m AS (INSERT INTO messages (account_id, conversation_id, inbox_id, message_type, status, content) VALUES ($1, $2, $3, 1, 4, 'forgotten') RETURNING id)
      INSERT INTO outbound_messages (account_id, conversation_id, message_id) SELECT $1, $2, id FROM m`, [account.id, own.conversationId, inbox.id]);
    await eventually('it arrives', () => texts().includes('forgotten'));
  });

  test('a deleted inbox fails what waits in it', async () => {
    const doomed = await makeInbox(t, account, { type: 'api', channel: { webhook_url: receiver.url }, members: [agent] });
    const own = await makeConversation(t, account, doomed);
    receiver.next({ status: 500, headers: notByItself });
    const { id } = await say('too late', own);
    await eventually('waits for its retry', async () => (await delivery(own, id)).error !== null);
    await sql('UPDATE inboxes SET deleted_at = now() WHERE id = $1', [doomed.id]);
    await dueNow(id);
    // The job that erases the inbox may have been faster than the sweeper.
    await eventually('failed, or erased with its inbox', async () => {
      const [row] = await sql<{ status: number }>('SELECT status FROM messages WHERE id = $1', [id]);
      return row === undefined || row.status === 3;
    });
    expect(await sql('SELECT FROM outbound_messages WHERE message_id = $1', [id])).toEqual([]);
  });

  describe('through a channel that cannot tell repetitions', () => {
    let own: MadeConversation;
    const outcomes: (SendOutcome | Error)[] = [];
    let sends = 0;
    beforeAll(async () => {
      t.app.get(ChannelRegistry).add({
        ...testWorker, id: 'test_once', wireType: 'Channel::TestOnce', capabilities: { ...testWorker.capabilities, idempotentSend: false },
        send: async () => { sends += 1; const next = outcomes.shift() ?? { kind: 'sent', externalId: 'ext-1' }; if (next instanceof Error) throw next; return next; },
      });
      own = await makeConversation(t, account, await makeInbox(t, account, { type: 'test_once', members: [agent] }));
    });

    test('the provider\'s id is kept', async () => {
      const { id } = await say('hello', own);
      await becomes(own, id, 'sent');
      expect((await sql<{ source_id: string }>('SELECT source_id FROM messages WHERE id = $1', [id]))[0]!.source_id).toBe('ext-1');
    });

    test('what nobody knows the end of is uncertain and not repeated, and holds up nothing', async () => {
      outcomes.push({ kind: 'uncertain', reason: 'No answer in time.' }, new Error('a bug'));
      sends = 0;
      const [a, b, c] = [await say('one', own), await say('two', own), await say('three', own)];
      await becomes(own, c.id, 'sent');
      expect(await delivery(own, a.id)).toEqual({ state: 'uncertain', error: 'No answer in time.', attempt: 1 });
      expect(await delivery(own, b.id)).toEqual({ state: 'uncertain', error: 'a bug', attempt: 1 });
      expect(sends).toBe(3);
    });

    test('an attempt that died is uncertain; where repetitions can be told it is tried again', async () => {
      const die = async (of: MadeConversation, inboxId: number): Promise<number> => {
        const [row] = await sql<{ id: number }>(`WITH m AS (INSERT INTO messages (account_id, conversation_id, inbox_id, message_type, status, attempt, content) VALUES ($1, $2, $3, 1, 5, 1, 'interrupted') RETURNING id),
          o AS (INSERT INTO outbound_messages (account_id, conversation_id, message_id, attempt, claimed_at, first_tried_at) SELECT $1, $2, id, 1, now() - interval '31 seconds', now() - interval '31 seconds' FROM m)
          SELECT id FROM m`, [account.id, of.conversationId, inboxId]);
        return row!.id;
      };
      const [{ inbox_id: onceInbox }] = await sql<{ inbox_id: number }>('SELECT inbox_id FROM conversations WHERE id = $1', [own.conversationId]) as [{ inbox_id: number }];
      const once = await die(own, onceInbox);
      const api = await makeConversation(t, account, inbox);
      const again = await die(api, inbox.id);
      await sweep();
      await becomes(own, once, 'uncertain');
      expect(await becomes(api, again, 'sent')).toMatchObject({ attempt: 2 });
    });
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChildServer } from '../../../test/child-server.js';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeConversation, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { OwnPostgres } from '../../../test/own-postgres.js';
import { breaksRedis, RedisServer } from '../../../test/redis-server.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import type { TestDatabase } from '../../../test/test-database.js';
import { isNoAnswer, WebhookReceiver } from '../../../test/webhook-receiver.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { LEASE_MS } from './next-step.js';

let t: TestApp;
let account: AccountWithAdmin;
let receiver: WebhookReceiver;
let inbox: MadeInbox;
let agent: Person;
let redis: RedisServer | undefined;
const children: ChildServer[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  await t.close();
  await receiver.stop();
  await redis?.stop();
  redis = undefined;
});

async function setUp(settings: Record<string, string>, database?: TestDatabase): Promise<void> {
  // What breaks here is broken on purpose.
  t = await startTestApp({ LOG_LEVEL: 'silent', ...settings }, database);
  account = await makeAccount(t);
  receiver = await WebhookReceiver.start();
  receiver.ignores = isNoAnswer;
  inbox = await makeInbox(t, account, { type: 'api', channel: { webhook_url: receiver.url } });
  receiver.secret = String(inbox['secret']);
  agent = await makeAgentIn(t, account, inbox);
}
const child = async (): Promise<ChildServer> => {
  const server = await ChildServer.start(t.database.url);
  children.push(server);
  return server;
};
/** Posts until it is accepted; says which message it became. The same echo id makes repeating harmless. */
async function say(to: MadeConversation, content: string): Promise<number> {
  return eventually(`"${content}" is accepted`, async () => {
    const answer = await call(t, agent, 'POST', `${to.url}/messages`, { content, echo_id: content }).catch(() => undefined);
    return answer?.status === 200 && (answer.body.id as number);
  });
}
const conversations = async (n: number): Promise<MadeConversation[]> => Promise.all(Array.from({ length: n }, () => makeConversation(t, account, inbox)));
async function allSent(): Promise<void> {
  await eventually('everything is sent', async () => {
    const [row] = await t.app.get(SystemWork).sql<{ open: number }>('SELECT (SELECT count(*) FROM outbound_messages) + (SELECT count(*) FROM messages WHERE message_type = 1 AND status <> 0) AS open').catch(() => [{ open: 1 }]);
    return row!.open === 0;
  });
}
/** Nobody works any more: what a killed worker had claimed is given free now and not when its lease has run out. */
async function leasesRunOut(): Promise<void> {
  await t.app.get(SystemWork).sql(`UPDATE outbound_messages SET claimed_at = claimed_at - make_interval(secs => ${LEASE_MS / 1_000}) WHERE claimed_at IS NOT NULL`);
}
/** Each message arrived, a repetition only with its own delivery id, and in each conversation first arrivals are in order. */
function expectLedger(of: MadeConversation[], perConversation: number): void {
  for (const conversation of of) {
    const own = receiver.received.filter((hook) => hook.body.conversation.id === conversation.id);
    const first = own.filter((hook, i) => own.findIndex((other) => other.delivery === hook.delivery) === i);
    expect(first.map((hook) => hook.body.content)).toEqual(Array.from({ length: perConversation }, (_, i) => `${conversation.id}: ${i}`));
  }
  expect(receiver.forged).toEqual([]);
}

describe('with workers in processes of their own', () => {
  beforeEach(() => setUp({ PROCESS_ROLES: 'api' }));

  test('a worker killed between claim and answer: another delivers, once for who knows the delivery id, in order', async () => {
    const [conversation] = await conversations(1) as [MadeConversation];
    const first = await child();
    receiver.next('accept, then silence');
    await say(conversation, `${conversation.id}: 0`);
    await say(conversation, `${conversation.id}: 1`);
    await eventually('the receiver has it', () => receiver.received.length === 1);
    await first.kill();
    await leasesRunOut();
    await child();
    await allSent();
    expectLedger([conversation], 2);
    expect(receiver.received.map((hook) => hook.body.content)).toEqual([0, 0, 1].map((i) => `${conversation.id}: ${i}`));
  });

  test('workers killed again and again lose nothing and keep the order', async () => {
    const all = await conversations(4);
    await child();
    for (let i = 0; i < 12; i += 1) {
      await Promise.all(all.map((conversation) => say(conversation, `${conversation.id}: ${i}`)));
      if (i % 4 !== 1) continue;
      await children.shift()!.kill();
      await leasesRunOut();
      await child();
    }
    await allSent();
    expectLedger(all, 12);
  });
});

(breaksRedis ? test : test.skip)('a Redis that is wiped and restarted while messages go out loses none', async () => {
  redis = await RedisServer.start();
  await setUp({ REDIS_URL: redis.url });
  const all = await conversations(4);
  for (let i = 0; i < 20; i += 1) {
    await Promise.all(all.map((conversation) => say(conversation, `${conversation.id}: ${i}`)));
    if (i % 5 === 2) await redis.wipe();
    if (i === 13) await redis.kill();
    if (i === 16) await redis.up();
  }
  await allSent();
  expectLedger(all, 20);
});

test('a Postgres that crashes and comes back loses nothing that was accepted', async () => {
  const postgres = await OwnPostgres.start();
  await setUp({}, postgres.database);
  const all = await conversations(3);
  for (let i = 0; i < 12; i += 1) {
    const posting = Promise.all(all.map((conversation) => say(conversation, `${conversation.id}: ${i}`)));
    if (i === 4 || i === 8) {
      await postgres.crash();
      await postgres.up();
    }
    await posting;
  }
  await allSent();
  expectLedger(all, 12);
});

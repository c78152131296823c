import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { statementsOf } from '../../../test/count-statements.js';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { testDatabase, type TestDatabase } from '../../../test/test-database.js';
import { isNoAnswer, WebhookReceiver } from '../../../test/webhook-receiver.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { migrationNames, rebuildSchema } from '../../platform/database/migrate.js';
import { KeyringConnection } from '../../platform/crypto/keyring-connection.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { RootKey } from '../../platform/crypto/root-key.js';
import { Log } from '../../platform/logging/log.js';
import { DiskBlobs } from '../../platform/storage/disk-blobs.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { runCommand } from '../../setup/run-command.js';
import { writeBackup } from './backup-format.js';
import { DailyBackup } from './daily-backup.job.js';
import { dumpInstallation } from './dump-installation.js';
import { LastBackups } from './last-backups.repository.js';
import { asOwner } from './owner-connection.js';
import { readFile } from './backup-places.js';
import { RestoreBackup } from './restore-backup.service.js';
import { TakeBackup } from './take-backup.service.js';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-backups-'));
let t: TestApp;
let account: AccountWithAdmin;
let receiver: WebhookReceiver;
let told: WebhookReceiver;
let inbox: MadeInbox;
let conversation: MadeConversation;
let file: string;
let config: Config;
const photo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');

beforeAll(async () => {
  t = await startTestApp({ PROCESS_ROLES: 'api,realtime,worker', BACKUP_DIR: folder, BACKUP_TO: 'disk', BACKUP_HOUR: '2' });
  config = t.app.get<Config>(CONFIG);
  account = await makeAccount(t);
  [receiver, told] = [await WebhookReceiver.start(), await WebhookReceiver.start()];
  receiver.ignores = isNoAnswer;
  await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/webhooks`, { url: told.url, subscriptions: ['message_created'] });
  inbox = await makeInbox(t, account, { type: 'api', channel: { webhook_url: receiver.url } });
  receiver.secret = String(inbox['secret']);
  const agent = await makeAgentIn(t, account, inbox);
  conversation = await makeConversation(t, account, inbox);
  const form = new FormData();
  form.append('content', 'A picture of the hall');
  form.append('attachments[]', new Blob([photo]), 'hall.png');
  await call(t, agent, 'POST', `${conversation.url}/messages`, form);
  await makeMessage(t, conversation, agent, { content: 'only for us: they asked twice', private: true });
  await eventually('the picture has gone out', () => receiver.received.length === 1);
  // Until long after the test: each try is told to the program, too.
  receiver.usual = { status: 503, headers: { 'retry-after': '3600' } };
  await makeMessage(t, conversation, agent, { content: 'this one waits' });
  await eventually('it was tried', () => receiver.received.length === 2);
  const waiting = (): Promise<number> => t.database.asOwner(async (client) => (await client.query(`SELECT FROM event_deliveries UNION ALL SELECT FROM webhook_deliveries WHERE state = 0 UNION ALL SELECT FROM events WHERE dispatched_at IS NULL UNION ALL SELECT FROM outbound_messages WHERE claimed_at IS NOT NULL`)).rowCount!);
  await eventually('webhooks have heard of it', async () => await waiting() === 0);
  file = join(folder, (await t.app.get(TakeBackup, { strict: false }).take()).name);
});
afterAll(async () => {
  await t.database.drop();
  await receiver.stop();
  await told.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A setup command on another database, with this installation's key unless settings say otherwise. */
const on = async (database: TestDatabase, settings: Record<string, string>, ...argv: string[]): Promise<{ code: number; answer: Record<string, unknown> }> => {
  const { stdout, code } = await runCommand([...argv, '--json'], () => ({ ...config, DATABASE_URL: database.url, ...settings }) as Config, false, t.clock);
  return { code, answer: JSON.parse(stdout) as Record<string, unknown> };
};
const facts = (database: TestDatabase): Promise<Record<string, string>> => database.asOwner(async (client: pg.Client) => {
  const { rows } = await client.query<{ name: string }>(`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`);
  const found: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: [row] } = await client.query<{ sum: string }>(`SELECT count(*) || ' ' || coalesce(md5(string_agg(x::text, '' ORDER BY x::text)), '') AS sum FROM ${name} x`);
    found[name] = row!.sum;
  }
  return found;
});

describe('a backup', () => {
  test('shows nothing of what it holds', () => {
    const bytes = readFileSync(file);
    for (const secret of ['only for us', 'A picture of the hall', account.admin.email, receiver.url]) expect(bytes.includes(secret)).toBe(false);
  });

  test('can be restored, says its own test', async () => {
    const statements = await statementsOf(async () => {
      expect(await t.app.get(RestoreBackup, { strict: false }).verify(() => readFile(file), () => undefined)).toMatchObject({ files: 2, missing: 0 });
    });
    // By its name: other test files verify theirs on the same server.
    const [, made] = /^CREATE DATABASE (porchlight_verify_\w+)/m.exec(statements.join('\n'))!;
    expect(await t.database.asOwner(async (client) => (await client.query('SELECT FROM pg_database WHERE datname = $1', [made])).rowCount)).toBe(0);
  });

  test('of before SECRET_KEY was changed is proved with the one of then', async () => {
    const database = await testDatabase();
    const own = { SECRET_KEY: 'another-secret-key-another-secret-key' };
    expect(await on(database, own, 'verify-backup', '--file', file)).toMatchObject({ code: 1, answer: { error: expect.stringMatching(/made with another SECRET_KEY/) as unknown } });
    expect(await on(database, { ...own, OLD_SECRET_KEY: config.SECRET_KEY }, 'verify-backup', '--file', file)).toMatchObject({ code: 0, answer: { files: 2, missing_files: 0 } });
    await database.drop();
  });

  test('of before there was a ring of keys comes back under another SECRET_KEY: values and files open', async () => {
    const [then, now] = [await testDatabase(), await testDatabase()];
    const [dataThen, dataNow] = [mkdtempSync(join(tmpdir(), 'porchlight-then-')), mkdtempSync(join(tmpdir(), 'porchlight-now-'))];
    // The schema of the last version without any.
    const migrations = (await migrationNames()).filter((name) => Number(name.slice(-13)) < 1_763_711_000_071);
    await rebuildSchema(then.url, migrations);
    const former = Keyring.ofSecret(config.SECRET_KEY);
    const blobs = new DiskBlobs(dataThen);
    await new FileStore(blobs, former).write('1/avatars/ada', [photo] as never);
    const path = join(folder, 'then.old');
    // As the dump does it: a time is written in UTC, whatever the zone of this machine is.
    await asOwner(then.url, async (client) => {
      await client.query(`INSERT INTO users (id, name, email, avatar_key) OVERRIDING SYSTEM VALUE VALUES (1, 'Ada', 'ada@example.org', '1/avatars/ada')`);
      await client.query('INSERT INTO user_credentials (user_id, mfa_secret) VALUES (1, $1)', [former.seal('of before', 'context')]);
      const description = { created_at: new Date(0).toISOString(), version: '0.0.1', key_id: former.keyId, migrations };
      const parts: Buffer[] = [];
      for await (const part of writeBackup(description, dumpInstallation(client, blobs, () => undefined), RootKey.fromSecret(config.SECRET_KEY))) parts.push(part);
      writeFileSync(path, Buffer.concat(parts));
    });
    const own = { DATA_DIR: dataNow, SECRET_KEY: 'another-secret-key-another-secret-key', OLD_SECRET_KEY: config.SECRET_KEY };
    for (const command of ['verify-backup', 'restore']) expect(await on(now, own, command, '--file', path)).toMatchObject({ code: 0, answer: { files: 1, missing_files: 0 } });
    const started = await KeyringConnection.join({ ...config, ...own, DATABASE_URL: now.url }, Log.at('silent'));
    const sealed = await now.asOwner(async (client) => (await client.query('SELECT mfa_secret FROM user_credentials')).rows[0].mfa_secret as string);
    expect([started.keyring.keyId, started.keyring.open(sealed, 'context')]).toEqual([former.keyId, 'of before']);
    expect((await new FileStore(new DiskBlobs(join(dataNow, 'files')), started.keyring).readAll('1/avatars/ada'))!.equals(photo)).toBe(true);
    await started.onModuleDestroy();
    await Promise.all([then.drop(), now.drop()]);
    for (const data of [dataThen, dataNow]) rmSync(data, { recursive: true });
  });

  test('that is cut short, changed, of another key or no backup at all is refused, and nothing is changed', async () => {
    const database = await testDatabase();
    const before = await facts(database);
    const good = readFileSync(file);
    const bad: [string, Buffer, Record<string, string>, RegExp][] = [
      ['cut', good.subarray(0, good.length - 1_000), {}, /damaged/], ['cut at a chunk', good.subarray(0, good.length - ((good.length - 2_000) % 65_552)), {}, /damaged/],
      ['changed', Buffer.from(good.map((byte, i) => (i === good.length - 500 ? byte ^ 1 : byte))), {}, /damaged/],
      ['longer', Buffer.concat([good, Buffer.from('x')]), {}, /damaged/], ['empty', Buffer.alloc(0), {}, /not a backup/], ['other', Buffer.from('hello, this is a letter to my aunt'), {}, /not a backup/],
      ['key', good, { SECRET_KEY: 'another-secret-key-another-secret-key' }, /made with another SECRET_KEY/],
      ['neither key', good, { SECRET_KEY: 'another-secret-key-another-secret-key', OLD_SECRET_KEY: 'a-third-secret-key-a-third-secret-key-3' }, /neither the present one nor the one given as OLD_SECRET_KEY/],
    ];
    for (const [name, bytes, settings, said] of bad) {
      const path = join(folder, `${name}.bad`);
      writeFileSync(path, bytes);
      const { code, answer } = await on(database, settings, 'restore', '--file', path);
      expect({ name, code, said: said.test(String(answer['error'])), answer }).toMatchObject({ name, code: 1, said: true });
    }
    expect(await on(database, {}, 'restore', '--file', join(folder, 'nowhere'))).toMatchObject({ code: 1, answer: { error: expect.stringContaining('There is no file') as unknown } });
    expect(await facts(database)).toEqual(before);
    await database.drop();
  });
});

test('a backup is made once a night; one that fails is remembered and tried again, and half files go', async () => {
  const job = t.app.get(DailyBackup, { strict: false });
  const last = t.app.get(LastBackups, { strict: false });
  const backups = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.plbackup'));
  const had = backups().length;
  const tomorrow = new Date(t.clock.now() + 86_400_000);
  t.clock.advance(tomorrow.setUTCHours(3, 0, 0, 0) - t.clock.now());
  await job.run();
  await job.run();
  expect(backups()).toHaveLength(had + 1);

  t.clock.advance(86_400_000);
  await t.database.asOwner(async (client) => {
    await client.query('SELECT pg_advisory_lock(7206490)');
    await job.run();
  });
  expect(await last.last()).toMatchObject({ ok: false, error: 'Another backup is being made.' });
  await job.run();
  expect(backups()).toHaveLength(had + 1);
  t.clock.advance(3_700_000);
  writeFileSync(join(folder, '.abcdef.half'), 'left by a killed process');
  await job.run();
  expect(readdirSync(folder).filter((name) => name.endsWith('.half'))).toEqual([]);
  expect(backups()).toHaveLength(had + 2);
  expect(await last.last()).toMatchObject({ ok: true, place: folder });
});

test('an installation that is lost comes back whole from its backup, and nothing goes out twice', async () => {
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'porchlight-restored-'));
  await t.stop();
  const before = await facts(t.database);
  receiver.usual = 'ok';
  receiver.received.length = 0;
  // Into an installation with a key of its own.
  const own = { DATA_DIR: dataDir, SECRET_KEY: 'another-secret-key-another-secret-key' };
  writeFileSync(join(dataDir, 'old-key'), `${config.SECRET_KEY}\n`);
  const beside = await KeyringConnection.join({ ...config, ...own, DATABASE_URL: database.url }, Log.at('silent')); // a server that waits there already
  const { code, answer } = await on(database, { ...own, OLD_SECRET_KEY_FILE: join(dataDir, 'old-key') }, 'restore', '--file', file);
  expect({ code, answer }).toMatchObject({ code: 0, answer: { files: 2, missing_files: 0 } });
  await eventually('the server beside has the keys of the backup', async () => beside.keyring.keyId === t.app.get(Keyring).keyId);
  await beside.onModuleDestroy();
  const after = await facts(database);
  // What is meant to differ: state of the delivery, and what opens doors.
  const moved = new Set(['installation', 'installation_keys', 'notifications', 'sessions', 'one_time_tokens', 'idempotency_keys', 'outbound_messages', 'event_deliveries', 'messages', 'backups', 'schedules', 'account_counters', 'events', 'processed_events', 'receipts', 'recovery_codes', 'user_credentials']);
  for (const name of Object.keys(before)) if (!moved.has(name)) expect({ [name]: after[name] }).toEqual({ [name]: before[name] });

  // As if the relay had not come to any event before the backup, and webhooks knew of none.
  await database.asOwner((client) => client.query('UPDATE events SET dispatched_at = NULL; DELETE FROM webhook_deliveries'));
  told.received.length = 0;
  const restored = await startTestApp(own, database);
  try {
    const agent = await call(restored, account.admin, 'GET', `${conversation.url}/messages`);
    expect(agent.status).toBe(200);
    const { payload } = agent.body as { payload: { content: string; private: boolean; delivery?: { state: string; error: string | null }; attachments?: { data_url: string }[] }[] };
    expect(payload.map((message) => message.content)).toEqual(['Hello, are you open today?', 'A picture of the hall', 'only for us: they asked twice', 'this one waits']);
    expect(payload[3]!.delivery).toMatchObject({ state: 'uncertain', error: expect.stringContaining('may have been sent since') as unknown });
    const picture = await fetch(new URL(payload[1]!.attachments![0]!.data_url, restored.url));
    expect(Buffer.from(await picture.arrayBuffer()).equals(photo)).toBe(true);
    const added = await makeMessage(restored, conversation, account.admin, { content: 'written after the restore' });
    expect(added.id).toBeGreaterThan(0);
    await eventually('the new one goes out', () => receiver.received.length === 1);
    expect(receiver.received.map((hook) => hook.body.content)).toEqual(['written after the restore']);
    await eventually('webhooks hear of the new one', () => told.received.length > 0);
    await eventually('all events are done with', async () => (await database.asOwner((client) => client.query(`SELECT FROM event_deliveries`))).rowCount === 0);
    expect(told.received.map((hook) => hook.body.content)).toEqual(['written after the restore']);
  } finally {
    await restored.stop();
  }
  expect(await on(database, { ...own, OLD_SECRET_KEY: config.SECRET_KEY }, 'restore', '--file', file)).toMatchObject({ code: 1, answer: { error: expect.stringContaining('has people already') as unknown } });
  expect(await on(database, {}, 'list-accounts')).toMatchObject({ code: 1, answer: { error: expect.stringContaining('is not the one') as unknown } });
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

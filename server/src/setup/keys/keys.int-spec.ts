import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildServer } from '../../../test/child-server.js';
import { PASSWORD } from '../../../test/factories.js';
import { startFakeS3 } from '../../../test/fake-s3.js';
import { call, eventually } from '../../../test/http.js';
import { answerOf, codeOf, FIRST_ACCOUNT } from '../../../test/setup-commands.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { clearDatabase, testDatabase } from '../../../test/test-database.js';
import { ResealFiles } from '../../operations/resealing/reseal-files.service.js';
import { ResealingRepository } from '../../operations/resealing/resealing.repository.js';
import { recoveryCodeHash, recoveryCodeHashes } from '../../identity/mfa/recovery-code.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { KNOWS, numberOfKey, SOMEBODY } from '../../platform/crypto/installation-keys.js';
import { demandRightKey, KeyringConnection } from '../../platform/crypto/keyring-connection.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { migrate } from '../../platform/database/migrate.js';
import { Log } from '../../platform/logging/log.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { DiskRoom } from '../../platform/storage/disk-room.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { ResealedFiles } from '../../platform/storage/resealed-files.repository.js';
import { S3Blobs } from '../../platform/storage/s3-blobs.js';
import { runCommand } from '../run-command.js';

let t: TestApp;
// Files are sealed again when a test says so: nobody works here.
beforeAll(async () => { t = await startTestApp({ PROCESS_ROLES: 'api,realtime' }); });
afterEach(() => clearDatabase(t.database));
afterAll(() => t.close());

const first = FIRST_ACCOUNT;
const json = (...argv: string[]) => answerOf(t, ...argv);
const freshCode = (secret: string): string => codeOf(t, secret);

describe('rotate-keys', () => {
  let secret: string;
  let codes: string[];
  let account: number;
  let headers: Record<string, string>;
  beforeEach(async () => {
    const { answer } = await json(...first);
    ({ totp_secret: secret, recovery_codes: codes, account_id: account } = answer);
    headers = { api_access_token: answer.api_access_token };
    await t.database.asOwner((client) => client.query('DELETE FROM installation_keys WHERE replaced_at IS NOT NULL'));
  });
  const as = () => ['--as', 'ada@example.org', '--otp', freshCode(secret)];
  const rotate = (...more: string[]) => json('rotate-keys', ...more, ...as());
  const ask = (method: string, path: string, body?: object, more = {}) => call(t, null, method, `/api/v1/accounts/${account}${path}`, body, { ...headers, ...more });
  /** A text of each kind in which the database holds something sealed, by the key that it names. */
  const sealedWith = (): Promise<Record<string, number>> => t.database.asOwner(async (client) => {
    const { rows: columns } = await client.query(`SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' AND table_name <> 'installation_keys'`);
    const { rows } = await client.query(columns.map(({ t: table, c }) => `SELECT split_part(${c}, '.', 2) AS id FROM ${table} WHERE ${c} ~ '^v1\\.[0-9a-f]{8}\\.'`).join(' UNION ALL '));
    const counts: Record<string, number> = {};
    for (const { id } of rows) counts[id] = (counts[id] ?? 0) + 1;
    return counts;
  });
  const ring = () => t.database.asOwner(async (client) => (await client.query('SELECT * FROM installation_keys ORDER BY created_at')).rows as { id: string; wrapped: string; replaced_at: Date | null }[]);
  const keyFinding = async () => (await json('doctor')).answer.checks.find((finding: { check: string }) => finding.check === 'key');
  /** Signs in on the running server as people do. */
  const signsIn = async (factor: object): Promise<number> => {
    const { status, body } = await call(t, null, 'POST', '/auth/sign_in', { email: 'ada@example.org', password: PASSWORD });
    expect(status).toBe(206);
    return (await call(t, null, 'POST', '/auth/sign_in', { mfa_token: body.mfa_token, ...factor })).status;
  };

  test('gives a working installation a new key: what is written meanwhile succeeds, and everything of before opens', async () => {
    const before = t.app.get(Keyring).keyId;
    const inbox = (await ask('POST', '/inboxes', { name: 'Programs', channel: { type: 'api', webhook_url: 'http://127.0.0.1:9/' } })).body;
    const hook = (await ask('POST', '/webhooks', { url: 'http://127.0.0.1:9/', subscriptions: ['message_created'] })).body.payload.webhook;
    const bot = (await ask('POST', '/agent_bots', { name: 'Bo' })).body;
    const pushKey = async () => (await call(t, null, 'GET', '/api/v1/notification_subscriptions', undefined, headers)).body.push_public_key as string;
    const known = await pushKey();
    const once = { 'idempotency-key': 'the-same' };
    const label = (await ask('POST', '/labels', { title: 'soup' }, once)).body;
    await t.app.get(FileStore).write(`${account}/files/letter`, [Buffer.from('dear')] as never);
    await t.database.asOwner((client) => client.query(`UPDATE users SET avatar_key = $1 WHERE email = 'ada@example.org'`, [`${account}/files/letter`]));
    await t.database.asOwner((client) => client.query('INSERT INTO integration_hooks (account_id, app_id, secrets) VALUES ($1, $2, $3)', [account, 'dialogflow', t.app.get(Keyring).seal('{"a":1}', `integration_hooks:secrets:${account}`)]));
    const link = t.app.get(Keyring).sign('widget', { s: 'visitor' });
    expect(Object.keys(await sealedWith())).toEqual([before]);

    const other = await KeyringConnection.join(t.app.get<Config>(CONFIG), Log.at('silent')); // a second process
    let over = false;
    const statuses = new Set<number>();
    const wrote: string[] = [];
    const writing = Promise.all(['a', 'b', 'c'].map(async (name) => {
      for (let n = 0; !over; n++) {
        const made = await ask('POST', '/webhooks', { url: `http://127.0.0.1:9/${name}${n}`, subscriptions: ['message_created'] });
        wrote.push(`${made.body.payload.webhook.id} ${made.body.payload.webhook.secret}`);
        for (const answer of [made, await ask('POST', `/inboxes/${inbox.id}/reset_secret`), await ask('GET', '/webhooks')]) statuses.add(answer.status);
        other.keyring.open(other.keyring.seal('x', 'y'), 'y');
      }
    }));
    // Nobody seals with the new key while one process does not know it.
    const rotating = await t.database.asOwner(async (late) => {
      await late.query('SELECT pg_advisory_lock_shared($1, $2)', [KNOWS, SOMEBODY]);
      const begun = rotate();
      await eventually('all others know it', async () => {
        const [, added] = await ring();
        return added && (await late.query('SELECT FROM pg_locks WHERE classid::bigint = $1 AND objid::bigint = $2', [KNOWS, numberOfKey(added.id)])).rowCount === 3;
      });
      expect([t.app.get(Keyring).keyId, other.keyring.keyId, (await ring()).map((key) => key.replaced_at)]).toEqual([before, before, [null, null]]);
      return { begun };
    });
    const { code, answer } = await rotating.begun;
    over = true;
    await writing;
    const now = t.app.get(Keyring).keyId;
    expect([code, answer]).toEqual([0, {
      key_id: now, added: true, sealed_again: expect.any(Number), left: 0, unreadable: 0, removed: [], files: { sealed_again: 0, left: 1, unreadable: 0 },
      old_keys: [{ key_id: before, replaced_at: expect.any(String), links_until: expect.any(String), sealed: 0, files: 1, recovery_codes: 10 }],
    }]);
    expect([now === before, other.keyring.keyId, [...statuses], wrote.length > 5]).toEqual([false, now, [200], true]);
    await other.onModuleDestroy();

    expect(Object.keys(await sealedWith())).toEqual([now]);
    const hooks = (await ask('GET', '/webhooks')).body.payload.webhooks as { id: number; secret: string }[];
    expect(hooks.find(({ id }) => id === hook.id)!.secret).toBe(hook.secret);
    expect(hooks.map(({ id, secret: one }) => `${id} ${one}`)).toEqual(expect.arrayContaining(wrote));
    expect((await ask('GET', `/agent_bots/${bot.id}`)).body.access_token).toBe(bot.access_token);
    expect((await ask('POST', '/labels', { title: 'soup' }, once)).body).toEqual(label);
    expect(await pushKey()).toBe(known);
    expect((await t.app.get(FileStore).readAll(`${account}/files/letter`))!.toString()).toBe('dear');
    expect(t.app.get(Keyring).verify('widget', link)).toEqual({ s: 'visitor' });
    expect([await signsIn({ otp_code: freshCode(secret) }), await signsIn({ backup_code: codes[0] }), await signsIn({ backup_code: codes[0] })]).toEqual([200, 200, 401]);
    expect((await ask('GET', '/audit_logs')).body.audit_logs.find((line: { auditable_type: string }) => line.auditable_type === 'Installation')).toMatchObject({ action: 'rotate_keys', username: 'ada@example.org', audited_changes: { key_id: now } });
  });

  test('killed half-way it goes on when it is run again; an old key leaves when it opens nothing, and what it signed ends at once when it is compromised', async () => {
    const before = t.app.get(Keyring).keyId;
    await ask('POST', '/webhooks', { url: 'http://127.0.0.1:9/', subscriptions: ['message_created'] });
    const bot = (await ask('POST', '/agent_bots', { name: 'Bo' })).body.id as number;
    const link = t.app.get(Keyring).sign('widget', { s: 'visitor' });
    await t.database.asOwner(async (client) => {
      await client.query('BEGIN; SELECT FROM webhooks FOR UPDATE');
      const killed = rotate();
      // Asked from outside: within a transaction it is the same picture again and again.
      await eventually('it waits for the row', () => t.database.asOwner(async (outside) => (await outside.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE webhooks%'`)).rowCount! > 0));
      expect((await rotate()).answer.error).toMatch(/changed by somebody else just now/);
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND (application_name = 'porchlight_backup' OR query LIKE 'UPDATE webhooks%' AND pid <> pg_backend_pid())`);
      expect((await killed).code).toBe(1);
      await client.query('ROLLBACK');
    });
    const half = t.app.get(Keyring).keyId;
    expect([half === before, (await sealedWith())[before]! > 0]).toEqual([false, true]);
    expect(await keyFinding()).toMatchObject({ state: 'warn', do: expect.stringContaining('rotate-keys --tidy') });
    // One value with a flipped bit: the others are sealed again, and it is told.
    await t.database.asOwner((client) => client.query('UPDATE agent_bots SET access_token = $1 WHERE id = $2', [`v1.${before}.${'A'.repeat(60)}`, bot]));
    const again = await rotate('--compromised');
    expect([again.code, again.answer]).toMatchObject([1, { key_id: half, added: false, left: 1, unreadable: 1, removed: [], old_keys: [{ key_id: before, sealed: 1 }] }]);
    await t.database.asOwner((client) => client.query('DELETE FROM agent_bots WHERE id = $1', [bot]));
    expect(await keyFinding()).toMatchObject({ state: 'ok' });
    await eventually('its links have ended', async () => t.app.get(Keyring).verify('widget', link) === undefined);
    expect(Object.keys(await sealedWith())).toEqual([half]);

    await t.database.asOwner((client) => client.query(`UPDATE installation_keys SET replaced_at = replaced_at - interval '2 days' WHERE id = $1`, [before]));
    expect((await rotate('--tidy')).answer).toMatchObject({ added: false, removed: [], old_keys: [{ key_id: before, recovery_codes: 10 }] });
    codes = (await call(t, null, 'POST', '/api/v1/profile/mfa/backup_codes', { otp_code: freshCode(secret) }, headers)).body.backup_codes;
    expect((await rotate('--tidy')).answer).toMatchObject({ added: false, removed: [before], old_keys: [] });
    expect((await ring()).map(({ id }) => id)).toEqual([half]);
    expect([await signsIn({ otp_code: freshCode(secret) }), await signsIn({ backup_code: codes[0] })]).toEqual([200, 200]);
  });

  describe('stored files follow', () => {
    const bytes = randomBytes(200_000);
    const nameOf = (name: string): string => `${account}/files/${name}`;
    const announce = (...names: string[]) => t.database.asOwner((client) => client.query('INSERT INTO uploads (account_id, storage_key) SELECT $1, unnest($2::text[])', [account, names.map(nameOf)]));
    const files = (report: { answer: { files: object } }): object => report.answer.files;

    test('in the background, each whole at every moment: over a backup, a kill and a removal', async () => {
      const store = t.app.get(FileStore);
      const step = () => t.app.get(ResealFiles, { strict: false }).step(20_000);
      const picture = `${account}/help/picture`;
      const stored = (key: string): string => join(t.app.get<Config>(CONFIG).DATA_DIR, 'files', key);
      const keyOf = (key: string): string => readFileSync(stored(key)).toString('latin1', 4, 12);
      const before = t.app.get(Keyring).keyId;
      const [first, ...others] = ['a', 'b', 'c'].map(nameOf) as [string, string, string];
      for (const key of [first, ...others, picture, nameOf('damaged'), nameOf('late')]) await store.write(key, [bytes] as never);
      const flipped = readFileSync(stored(nameOf('damaged')));
      flipped[100_000]! ^= 1;
      writeFileSync(stored(nameOf('damaged')), flipped);
      await announce('a', 'b', 'c', 'damaged');
      await t.database.asOwner((client) => client.query(`INSERT INTO article_pictures (account_id, name) VALUES ($1, 'picture')`, [account]));
      const opened = (await store.open(others[0]!))!;
      await step();
      expect(files(await rotate())).toEqual({ sealed_again: 0, left: 5, unreadable: 0 });
      const now = t.app.get(Keyring).keyId;

      // A backup that began before there was this key must find them as they were.
      await t.database.asOwner(async (client) => {
        await client.query('SELECT pg_advisory_lock(7206490)');
        await step();
      });
      expect([first, ...others, picture].map(keyOf)).toEqual([before, before, before, before]);

      // Killed when the first is in place and nobody knows yet.
      await t.database.asOwner(async (client) => {
        await client.query(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$;
          CREATE TRIGGER hold BEFORE UPDATE ON resealed_files FOR EACH ROW WHEN (NEW.finished) EXECUTE FUNCTION hold(); SELECT pg_advisory_lock(4711)`);
        // Codes of the second factor have moved this application's clock.
        await client.query(`UPDATE file_resealing SET begins_at = now() - interval '1 second'`);
        const child = await ChildServer.start(t.database.url, { DATA_DIR: t.app.get<Config>(CONFIG).DATA_DIR });
        await eventually('one is sealed again', () => keyOf(first) === now).finally(() => child.kill());
        await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'UPDATE resealed_files%' AND pid <> pg_backend_pid()`);
        await client.query('DROP TRIGGER hold ON resealed_files; DROP FUNCTION hold');
      });
      expect((await store.readAll(first))!.equals(bytes)).toBe(true);
      // Removed just before it was put in place.
      const kept = readFileSync(stored(first));
      await store.remove(first);
      writeFileSync(stored(first), kept);
      expect(others.map(keyOf)).toEqual([before, before]);
      await step();
      expect([...others, picture, nameOf('damaged')].map(keyOf)).toEqual([now, now, now, before]);
      for (const key of [...others, picture]) expect((await store.readAll(key))!.equals(bytes)).toBe(true);
      expect(await store.readAll(first)).toBeUndefined();
      const parts: Buffer[] = [];
      for await (const part of opened.read({ start: 70_000, end: 199_999 })) parts.push(part as Buffer);
      expect(Buffer.concat(parts).equals(bytes.subarray(70_000))).toBe(true);
      expect(await t.app.get(ResealingRepository, { strict: false }).look()).toMatchObject({ key_id: now, sealed_again: 3, unreadable: 1, finished_at: null });

      // What arrived while the keys changed is found by a later round, or when somebody looks.
      t.clock.advance(3_700_000);
      await step();
      await announce('late');
      await step();
      expect(files(await rotate('--tidy'))).toEqual({ sealed_again: 3, left: 2, unreadable: 1 });
      await step();
      expect(keyOf(nameOf('late'))).toBe(now);
      rmSync(stored(nameOf('damaged')));
      await t.database.asOwner((client) => client.query('DELETE FROM recovery_codes'));
      await t.database.asOwner((client) => client.query(`UPDATE installation_keys SET replaced_at = replaced_at - interval '2 days' WHERE id = $1`, [before]));
      expect((await rotate('--tidy', '--compromised')).answer).toMatchObject({ removed: [before], old_keys: [], files: { sealed_again: 4, left: 0 } });
      for (const key of [...others, picture, nameOf('late')]) expect((await store.readAll(key))!.equals(bytes)).toBe(true);
    });

    test('in a bucket too: they are counted there, and one that is removed in the same moment does not come back', async () => {
      const s3 = await startFakeS3();
      const config = { ...t.app.get<Config>(CONFIG), STORAGE: 's3' as const, S3_BUCKET: 'bucket', S3_REGION: 'eu-test-1', S3_ENDPOINT: s3.url, S3_ACCESS_KEY_ID: 'key-id', S3_SECRET_ACCESS_KEY: 'secret' };
      const store = new FileStore(new S3Blobs(config), t.app.get(Keyring), t.app.get(ResealedFiles));
      const resealing = new ResealFiles(
        t.app.get(ResealingRepository, { strict: false }), t.app.get(ResealedFiles), store, t.app.get(Keyring), t.app.get(SystemWork), t.app.get(DiskRoom), t.clock, t.app.get(Log));
      const inBucket = (...more: string[]) => runCommand(['rotate-keys', '--json', ...more, ...as()], () => config, false, t.clock).then(({ stdout }) => ({ answer: JSON.parse(stdout) }));
      try {
        for (const name of ['a', 'b', 'c']) await store.write(nameOf(name), [bytes] as never);
        await announce('a', 'b', 'c');
        expect(files(await inBucket())).toEqual({ sealed_again: 0, left: 3, unreadable: 0 });
        const before = s3.objects.get(nameOf('b'))!;
        // Between the reading and the writing of it.
        s3.beforePut = async (key) => { if (key === nameOf('b')) await store.remove(key); };
        await resealing.step(20_000);
        expect([before.length, [...s3.objects.keys()].sort()]).toEqual([200_000 + 32 + 4 * 16, [nameOf('a'), nameOf('c')]]);
        expect((await store.readAll(nameOf('c')))!.equals(bytes)).toBe(true);
        expect(files(await inBucket('--tidy'))).toEqual({ sealed_again: 3, left: 0, unreadable: 0 });
      } finally {
        await s3.close();
      }
    });
  });

  test('--new-secret-key: both open until the new one was used, then the old one is refused; nothing is sealed again', async () => {
    const config = (more: Partial<Config> = {}): Config => ({ ...t.app.get<Config>(CONFIG), ...more });
    const kept = await ring();
    const before = await sealedWith();
    const file = join(config().DATA_DIR, 'secrets.json');
    writeFileSync(file, JSON.stringify({ secret_key: config().SECRET_KEY, postgres_password: 'p' }));
    const change = (settings: Partial<Config>) => runCommand(['rotate-keys', '--new-secret-key', '--json', ...as()], () => config(settings), false, t.clock).then(({ stdout }) => JSON.parse(stdout));
    try {
      expect((await change({ NEW_SECRET_KEY: 'too-short' })).error).toMatch(/fewer than 32/);
      expect((await change({ NEW_SECRET_KEY: 'a'.repeat(64) })).error).toMatch(/can be guessed/);
      expect((await change({ NEW_SECRET_KEY_FILE: '/nowhere' })).error).toMatch(/cannot be read \(ENOENT\)/);
      const lost = (await change({ DATA_DIR: join(config().DATA_DIR, 'elsewhere') })).secret_key as string;
      expect(lost).toMatch(/^[0-9a-f]{64}$/);
      expect((await rotate()).answer.error).toMatch(/A new SECRET_KEY waits to be used/);
      expect(await keyFinding()).toMatchObject({ state: 'warn', says: expect.stringContaining('has not been used yet') });
      expect(await change({})).toEqual({ secret_key: null, written_to: file });
      const { secret_key: next, postgres_password: password } = JSON.parse(readFileSync(file, 'utf8'));
      expect([password, statSync(file).mode & 0o777]).toEqual(['p', 0o600]);
      const starts = (SECRET_KEY: string) => KeyringConnection.join(config({ SECRET_KEY }), Log.at('silent')).then(async (connection) => { await connection.onModuleDestroy(); return connection.keyring.keyId; });
      await expect(starts(lost)).rejects.toThrow(/is not the one/);
      expect(await starts(config().SECRET_KEY)).toBe(t.app.get(Keyring).keyId);
      await demandRightKey(config({ SECRET_KEY: next }));
      expect(await starts(config().SECRET_KEY)).toBe(t.app.get(Keyring).keyId);
      const used = await runCommand(['list-accounts', '--json', ...as()], () => config({ SECRET_KEY: next }), false, t.clock);
      expect([used.code, await starts(next)]).toEqual([0, t.app.get(Keyring).keyId]);
      for (const start of [starts(config().SECRET_KEY), demandRightKey(config())]) await expect(start).rejects.toThrow(/^SECRET_KEY is the one that was replaced on \d{4}-\d\d-\d\d\. .* Nothing was changed\.$/);
      expect([await sealedWith(), await signsIn({ otp_code: freshCode(secret) }), await signsIn({ backup_code: codes[0] })]).toEqual([before, 200, 200]);
    } finally {
      rmSync(file);
      for (const { id, wrapped } of kept) await t.database.asOwner((client) => client.query('UPDATE installation_keys SET wrapped = $1, wrapped_next = NULL WHERE id = $2', [wrapped, id]));
    }
  });
});

describe('a key that is not the one of this database', () => {
  const other = { SECRET_KEY: 'another-strong-key-k7Qm2xVb9RtLw4ZpN8sD' };
  const config = (more: Partial<Config> = {}): Config => ({ ...t.app.get<Config>(CONFIG), ...more });
  const kept = (database = t.database) => database.asOwner(async (client) => (await client.query('SELECT i.key_proof, i.key_id, k.id, k.wrapped FROM installation i LEFT JOIN installation_keys k ON k.replaced_at IS NULL')).rows as { key_proof: string | null; id: string | null }[]);
  /** What a process does when it starts; the keys it has then. */
  const starts = async (settings: Config): Promise<Keyring> => {
    const connection = await KeyringConnection.join(settings, Log.at('silent'));
    await connection.onModuleDestroy();
    return connection.keyring;
  };

  test('is refused by all who start, in the same line, and nothing is changed', async () => {
    await json(...first);
    const before = await kept();
    expect(before).toEqual([{ key_proof: expect.stringMatching(new RegExp(`^v1\\.${t.app.get(Keyring).keyId}\\.`)), key_id: null, id: t.app.get(Keyring).keyId, wrapped: expect.any(String) }]);
    const said = /^SECRET_KEY is not the one this database is sealed with\..*Nothing was changed\.$/;
    for (const start of [starts, demandRightKey]) await expect(start(config(other))).rejects.toThrow(said);
    for (const argv of [['list-accounts'], [...first.slice(0, 2), 'Second'], ['restore', '--file', 'nowhere']]) {
      const { stdout, code } = await runCommand([...argv, '--json'], () => config(other), false, t.clock);
      expect([argv[0], code, JSON.parse(stdout)]).toEqual([argv[0], 1, { error: expect.stringMatching(said) }]);
    }
    const { stdout, code } = await runCommand(['doctor', '--json'], () => config(other), false, t.clock);
    expect([code, JSON.parse(stdout).checks.find((finding: { check: string }) => finding.check === 'key').state]).toEqual([1, 'fail']);
    expect(await kept()).toEqual(before);
    expect((await starts(config())).keyId).toBe(t.app.get(Keyring).keyId);
    expect(await kept()).toEqual(before);
  });

  test('is taken while there is nobody, neither in it nor at work on it', async () => {
    const database = await testDatabase();
    const on = (more: Partial<Config>): Config => config({ DATABASE_URL: database.url, ...more });
    const working = await KeyringConnection.join(on({}), Log.at('silent'));
    const before = await kept(database);
    await expect(starts(on(other))).rejects.toThrow(/with another SECRET_KEY, works on this database/);
    expect(await kept(database)).toEqual(before);
    await working.onModuleDestroy();
    const taken = await starts(on(other));
    expect([taken.keyId === working.keyring.keyId, (await kept(database)).map((row) => row.id)]).toEqual([false, [taken.keyId]]);
    await demandRightKey(on({}));
    expect((await kept(database)).map((row) => row.id)).toEqual([taken.keyId]);
    await database.drop();
  });

  test('is refused by a database of before, by what is sealed in it; the right one becomes its first key, and what hung on it still opens', async () => {
    const database = await testDatabase();
    const on = (more: Partial<Config>): Config => config({ DATABASE_URL: database.url, ...more });
    const former = Keyring.ofSecret(config().SECRET_KEY);
    await database.asOwner((client) => client.query(`
      DROP TABLE installation_keys; ALTER TABLE recovery_codes DROP COLUMN key_id;
      ALTER TABLE installation DROP COLUMN key_proof, DROP COLUMN key_id, DROP COLUMN former_key_id, DROP COLUMN key_changed_at;
      DELETE FROM migrations WHERE name IN ('KeepProofOfKey1763711000071', 'CreateInstallationKeys1763711000081')`));
    await database.asOwner(async (client) => {
      await client.query(`INSERT INTO users (id, name, email) OVERRIDING SYSTEM VALUE VALUES (1, 'Ada', 'ada@example.org')`);
      await client.query('INSERT INTO user_credentials (user_id, mfa_secret) VALUES (1, $1)', [former.seal('of before', 'context')]);
      await client.query('INSERT INTO recovery_codes (user_id, code_hash) VALUES (1, $1)', [recoveryCodeHash(former, 1, 'abcd')]);
    });
    await demandRightKey(on(other));
    await migrate(database.url);
    expect(await kept(database)).toEqual([{ key_proof: null, key_id: former.keyId, id: null, wrapped: null }]);
    for (const start of [starts, demandRightKey]) await expect(start(on(other))).rejects.toThrow(/is not the one/);
    await demandRightKey(on({}));
    const keyring = await starts(on({}));
    const [sealed, codes] = await database.asOwner(async (client) => [(await client.query('SELECT mfa_secret FROM user_credentials')).rows[0].mfa_secret as string, (await client.query('SELECT key_id, code_hash FROM recovery_codes')).rows]);
    expect([keyring.keyId, keyring.open(sealed, 'context'), codes]).toEqual([former.keyId, 'of before', [{ key_id: former.keyId, code_hash: recoveryCodeHashes(keyring, 1, 'ABCD')[0] }]]);
    expect(await kept(database)).toEqual([{ key_proof: expect.any(String), key_id: null, id: former.keyId, wrapped: expect.any(String) }]);
    await expect(starts(on(other))).rejects.toThrow(/is not the one/);

    // Keys that are gone, or a flipped bit in one, are no reason to begin with others.
    await database.asOwner((client) => client.query(`UPDATE installation_keys SET wrapped = overlay(wrapped placing CASE substr(wrapped, 40, 1) WHEN 'A' THEN 'B' ELSE 'A' END from 40)`));
    for (const start of [starts, demandRightKey]) await expect(start(on({}))).rejects.toThrow(/are damaged/);
    await database.asOwner((client) => client.query(`DELETE FROM installation_keys; UPDATE installation SET key_proof = 'v1.${'0'.repeat(8)}.AAAA'`));
    await expect(starts(on({}))).rejects.toThrow(/is not the one/);
    await database.drop();
  });
});

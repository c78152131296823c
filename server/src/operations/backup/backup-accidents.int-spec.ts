import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildServer } from '../../../test/child-server.js';
import { startFakeS3 } from '../../../test/fake-s3.js';
import { eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { testDatabase } from '../../../test/test-database.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { migrationNames, rebuildSchema } from '../../platform/database/migrate.js';
import { Blobs } from '../../platform/storage/blobs.js';
import { runCommand } from '../../setup/run-command.js';
import { readFile } from './backup-places.js';
import { LastBackups } from './last-backups.repository.js';
import { RestoreBackup } from './restore-backup.service.js';
import { TakeBackup } from './take-backup.service.js';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-accidents-'));
let t: TestApp;
/** Backups of this installation, with other settings. */
const backupsWith = (settings: Partial<Config>): TakeBackup => {
  const get = <T>(what: new (...args: never[]) => T): T => t.app.get(what as never, { strict: false });
  return new TakeBackup({ ...t.app.get<Config>(CONFIG), ...settings }, t.app.get(Blobs as never), get(LastBackups), t.clock);
};
const lastBackup = () => t.app.get(LastBackups, { strict: false }).last();

beforeAll(async () => {
  const database = await testDatabase();
  await database.asOwner((client) => client.query(`INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.org')`));
  // Killed while it writes the backup of the night: a table nobody else touches holds it up.
  await database.asOwner(async (client) => {
    await client.query('BEGIN; LOCK TABLE macros IN ACCESS EXCLUSIVE MODE');
    const child = await ChildServer.start(database.url, { BACKUP_TO: 'disk', BACKUP_DIR: folder });
    await eventually('half a backup is written', () => readdirSync(folder).some((name) => name.endsWith('.half')));
    await child.kill();
  });
  t = await startTestApp({ PROCESS_ROLES: 'api', BACKUP_DIR: folder }, database);
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a process killed over a backup leaves nothing that looks like one, and does not stand in the way of the next', async () => {
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\..*\.half$/)]);
  const made = await backupsWith({}).take();
  expect(readdirSync(folder)).toEqual([made.name]);
  expect(await t.app.get(RestoreBackup, { strict: false }).verify(() => readFile(join(folder, made.name)), () => undefined)).toMatchObject({ missing: 0 });
});

const disks = process.getuid?.() === 0 && process.platform === 'linux';
(disks ? test : test.skip)('on a full disk it says so, leaves no half file and keeps what was there', async () => {
  const small = mkdtempSync(join(tmpdir(), 'porchlight-small-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', small]);
  try {
    await expect(backupsWith({ BACKUP_DIR: small }).take()).rejects.toThrow(/There is no room for the backup/);
    expect(readdirSync(small)).toEqual([]);
    expect(await lastBackup()).toMatchObject({ ok: false, error: expect.stringContaining('no room') as unknown });
  } finally {
    execFileSync('umount', [small]);
    rmSync(small, { recursive: true });
  }
});

test('a bucket takes it, and gives it back by its address', async () => {
  const s3 = await startFakeS3();
  const settings = { BACKUP_TO: 's3' as const, S3_BUCKET: 'bucket', S3_REGION: 'eu-test-1', S3_ENDPOINT: s3.url, S3_ACCESS_KEY_ID: 'key-id', S3_SECRET_ACCESS_KEY: 'secret' };
  const empty = await testDatabase();
  try {
    // Of the year before last: nobody needs them any more.
    for (const day of [1, 2, 3]) s3.objects.set(`backups/porchlight-${t.clock.date().getUTCFullYear() - 2}-01-0${day}T02-00-00Z.plbackup`, Buffer.from('old'));
    const { name, place, size } = await backupsWith(settings).take();
    expect([...s3.objects].map(([key, bytes]) => [key, bytes.length])).toEqual([[`backups/${name}`, size]]);
    expect(place).toBe('s3://bucket/backups/');
    const restore = (file: string) => runCommand(['restore', '--file', file, '--json'], () => ({ ...t.app.get<Config>(CONFIG), ...settings, DATABASE_URL: empty.url, DATA_DIR: folder }), false, t.clock);
    for (const [file, says] of [[`${place}porchlight-nothing.plbackup`, /There is no/], ['s3://other/backups/x.plbackup', /The settings know no/]] as const) {
      const { code, stdout } = await restore(file);
      expect([code, stdout]).toEqual([1, expect.stringMatching(says)]);
    }
    expect(JSON.parse((await restore(place + name)).stdout)).toMatchObject({ files: 0, missing_files: 0 });
    expect(await empty.asOwner(async (client) => (await client.query('SELECT email FROM users')).rows)).toEqual([{ email: 'ada@example.org' }]);
  } finally {
    await empty.drop();
    await s3.close();
  }
});

test('a backup of an older version comes back in today\'s schema', async () => {
  const [old, empty] = [await testDatabase(), await testDatabase()];
  try {
    await rebuildSchema(old.url, (await migrationNames()).slice(0, -3));
    await old.asOwner((client) => client.query(`INSERT INTO users (name, email) VALUES ('Grace', 'grace@example.org')`));
    const { name } = await backupsWith({ DATABASE_URL: old.url }).take();
    const { code } = await runCommand(['restore', '--file', join(folder, name), '--json'], () => ({ ...t.app.get<Config>(CONFIG), DATABASE_URL: empty.url }), false, t.clock);
    expect(code).toBe(0);
    expect(await empty.asOwner(async (client) => (await client.query('SELECT email FROM users')).rows)).toEqual([{ email: 'grace@example.org' }]);
    expect(await empty.asOwner(async (client) => (await client.query('SELECT count(*)::int AS n FROM migrations')).rows)).toEqual([{ n: (await migrationNames()).length }]);
  } finally {
    await old.drop();
    await empty.drop();
  }
});

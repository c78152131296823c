import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

/* Disks that are really full: small ones in memory, which only root on Linux may make. */

const onLinuxAsRoot = process.getuid?.() === 0 && process.platform === 'linux' ? test : test.skip;
const small = (size: string): { path: string; grow(): void; gone(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'porchlight-small-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]);
  return {
    path, grow: () => void execFileSync('mount', ['-o', 'remount,size=64m', path]),
    gone: () => { execFileSync('umount', ['--lazy', path]); rmSync(path, { recursive: true, force: true }); },
  };
};

let t: TestApp;
let account: AccountWithAdmin;
let conversation: MadeConversation;
let disk: ReturnType<typeof small> | undefined;
beforeAll(async () => {
  disk = onLinuxAsRoot === test ? small('512k') : undefined;
  t = await startTestApp(disk ? { DATA_DIR: disk.path, UPLOAD_KEEP_FREE_MB: '0.4' } : {});
  account = await makeAccount(t);
  conversation = await makeConversation(t, account, await makeInbox(t, account));
});
afterAll(async () => {
  await t.close();
  disk?.gone();
});

const upload = (bytes: number) => {
  const form = new FormData();
  form.append('content', 'A film of the hall');
  form.append('attachments[]', new Blob([Buffer.alloc(bytes, 7)]), 'hall.bin');
  return call(t, account.admin, 'POST', `${conversation.url}/messages`, form);
};
const contents = async (): Promise<string[]> => (await call(t, account.admin, 'GET', `${conversation.url}/messages`)).body.payload.map((message: { content: string }) => message.content);

onLinuxAsRoot('a file for which there is no room is refused whole, and taken once there is', async () => {
  const before = await contents();
  const refused = await upload(2_000_000);
  expect([refused.status, refused.body.error]).toEqual([507, expect.stringContaining('no room left')]);
  expect(await contents()).toEqual(before);
  const left = readdirSync(disk!.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  expect(left).toBeLessThan(4_096);
  disk!.grow();
  expect((await upload(2_000_000)).status).toBe(200);
  expect(await contents()).toEqual([...before, 'A film of the hall']);
});

onLinuxAsRoot('before the disk is full files are refused in words, and text is not', async () => {
  const filler = join(disk!.path, 'filler');
  writeFileSync(filler, Buffer.alloc(statfsSync(disk!.path).bavail * statfsSync(disk!.path).bsize - 400_000));
  t.clock.advance(5_000);
  const before = readdirSync(disk!.path, { recursive: true });
  for (const bytes of [100_000, 3_000_000]) {
    const refused = await upload(bytes);
    expect([refused.status, refused.body]).toEqual([507, { error: expect.stringContaining('Text still goes through') as unknown, error_code: 'disk_full' }]);
  }
  expect(readdirSync(disk!.path, { recursive: true })).toEqual(before);
  expect((await call(t, account.admin, 'POST', `${conversation.url}/messages`, { content: 'In words' })).status).toBe(200);
  rmSync(filler);
  t.clock.advance(5_000);
  expect((await upload(100_000)).status).toBe(200);
});

onLinuxAsRoot('a message for which the database has no room is refused, and work goes on once it has', async () => {
  const place = small('1m');
  const asOwner = t.database.asOwner;
  try {
    const [{ data_directory: folder }] = (await asOwner((client) => client.query('SHOW data_directory'))).rows as [{ data_directory: string }];
    const { uid, gid } = statSync(folder);
    chownSync(place.path, uid, gid);
    chmodSync(place.path, 0o700);
    await asOwner((client) => client.query(`CREATE TABLESPACE crowded LOCATION '${place.path}'`));
    await asOwner((client) => client.query('ALTER TABLE messages SET TABLESPACE crowded'));
    let refused;
    for (let n = 0; n < 200 && !refused; n++) {
      const { status, body } = await call(t, account.admin, 'POST', `${conversation.url}/messages`, { content: randomBytes(7_000).toString('base64') });
      if (status !== 200) refused = { status, body };
    }
    expect(refused).toMatchObject({ status: 507, body: { error: expect.stringContaining('no room left') as unknown } });
    place.grow();
    expect((await makeMessage(t, conversation, account.admin, { content: 'There is room again' })).id).toBeGreaterThan(0);
    expect((await contents()).at(-1)).toBe('There is room again');
  } finally {
    await asOwner((client) => client.query('ALTER TABLE messages SET TABLESPACE pg_default')).catch(() => undefined);
    await asOwner((client) => client.query('DROP TABLESPACE IF EXISTS crowded'));
    place.gone();
  }
});

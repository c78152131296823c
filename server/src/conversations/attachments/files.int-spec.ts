import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { makeAccount } from '../../../test/factories.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { accountId } from '../../platform/database/account-id.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Avatars, ReceivedImage } from '../../platform/storage/avatars.js';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import { Uploads } from '../../platform/storage/uploads.js';
import { AttachmentPresenter } from './attachment.presenter.js';
import { AttachmentsRepository } from './attachments.repository.js';

let t: TestApp;
let account: number;
beforeAll(async () => { t = await startTestApp(); account = (await makeAccount(t)).id; });
afterAll(() => t.close());

const stage = (fileName: string, bytes: Buffer | string, declaredType = '') =>
  t.app.get(Uploads).stage(accountId(account), { fileName, declaredType, source: (async function* () { yield Buffer.from(bytes); })() });
const addressOf = async (fileName: string, bytes: Buffer | string) => {
  const file = await stage(fileName, bytes);
  return t.app.get(FileAddresses).url({ accountId: account, storageKey: file.storageKey, fileName: file.fileName, contentType: file.contentType });
};
const get = (path: string, headers: Record<string, string> = {}) => fetch(t.url + path, { headers });
const png = () => sharp({ create: { width: 40, height: 20, channels: 3, background: '#f59e0b' } }).png().toBuffer();

describe('a signed address', () => {
  test('gives an image to look at, locked up', async () => {
    const image = await png();
    const answer = await get(await addressOf('porch light.png', image));
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(image)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png', 'content-disposition': `inline; filename="porch light.png"; filename*=UTF-8''porch%20light.png`, 'content-length': String(image.length),
      'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'cross-origin',
    });
    expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/);
  });

  test.each([['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'], ['a.html', '<script>alert(1)</script>'], ['a.png', '<html>'], ['résumé "x".pdf', '%PDF-1.7 x']])(
    '%s is only ever downloaded', async (name, content) => {
      const answer = await get(await addressOf(name, content));
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''/);
      expect(await answer.text()).toBe(content);
    });

  test('is the same for half an hour, and works for at most an hour', async () => {
    const address = await addressOf('x.txt', 'x');
    const file = await stage('y.txt', 'y');
    const url = () => t.app.get(FileAddresses).url({ accountId: account, storageKey: file.storageKey, fileName: 'y.txt', contentType: 'text/plain' });
    expect(url()).toBe(url());
    t.clock.advance(61 * 60_000);
    expect((await get(address)).status).toBe(410);
    expect((await get(url())).status).toBe(200);
  });

  test('cannot be made or changed by others', async () => {
    const address = await addressOf('x.txt', 'x');
    const [, , token] = address.split('/');
    const [body, mac] = token!.split('.');
    const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body!, 'base64url').toString()), k: `${account + 1}/files/x` })).toString('base64url');
    const foreign = Keyring.ofSecret('another-secret-another-secret-1234').sign('file address', JSON.parse(Buffer.from(body!, 'base64url').toString()));
    const otherPurpose = t.app.get(Keyring).sign('widget', JSON.parse(Buffer.from(body!, 'base64url').toString()));
    for (const forged of [`${other}.${mac}`, foreign, otherPurpose, body!, `${body}.`, `${body}.x.y`, 'x', '%00', 'e30.e30']) {
      expect((await get(`/files/${forged}/x.txt`)).status).toBe(404);
    }
  });

  test('never gives other bytes than those that were stored: an answer that says so, or a line that breaks', async () => {
    const bytes = randomBytes(200_000);
    const damaged = async (at: number) => {
      const file = await stage('film.bin', bytes);
      const path = join(t.app.get<Config>(CONFIG).DATA_DIR, 'files', file.storageKey);
      const stored = readFileSync(path);
      stored[at]! ^= 1;
      writeFileSync(path, stored);
      return t.app.get(FileAddresses).url({ accountId: account, storageKey: file.storageKey, fileName: 'film.bin', contentType: 'video/mp4' });
    };
    // The mark, the key's name, the salt and the first chunk.
    for (const at of [0, 5, 15, 100]) {
      for (const headers of [{}, { range: 'bytes=10-20' }]) {
        const answer = await get(await damaged(at), headers as Record<string, string>);
        expect([at, answer.status, await answer.json(), answer.headers.get('cache-control')]).toEqual([at, 500, { error: expect.stringContaining('damaged') as unknown, error_code: 'file_damaged' }, null]);
      }
    }
    const address = await damaged(150_000);
    const answer = await get(address);
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '200000']);
    const reader = answer.body!.getReader();
    const read: Uint8Array[] = [];
    await expect((async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        read.push(value);
      }
    })()).rejects.toThrow();
    const got = Buffer.concat(read);
    expect(got.length).toBeLessThan(150_000);
    expect(got.equals(bytes.subarray(0, got.length))).toBe(true);
    // What lies before the damage can be had.
    expect(Buffer.from(await (await get(address, { range: 'bytes=0-999' })).arrayBuffer()).equals(bytes.subarray(0, 1_000))).toBe(true);
  });

  test('never leads into another account, even when signed by mistake', async () => {
    const file = await stage('x.txt', 'x');
    const address = t.app.get(FileAddresses).url({ accountId: account + 1, storageKey: file.storageKey, fileName: 'x.txt', contentType: 'text/plain' });
    expect((await get(address)).status).toBe(404);
  });

  test('of a removed file is a 404', async () => {
    const file = await stage('x.txt', 'x');
    const address = t.app.get(FileAddresses).url({ accountId: account, storageKey: file.storageKey, fileName: 'x.txt', contentType: 'text/plain' });
    await t.app.get(Uploads).discard(accountId(account), [file]);
    expect((await get(address)).status).toBe(404);
  });
});

describe('parts of a file', () => {
  const bytes = randomBytes(200_000);
  let address: string;
  beforeAll(async () => { address = await addressOf('film.bin', bytes); });

  test.each<[string, number, number]>([['bytes=0-0', 0, 0], ['bytes=65530-140000', 65_530, 140_000], ['bytes=199999-', 199_999, 199_999], ['bytes=-10', 199_990, 199_999], ['bytes=100-999999', 100, 199_999]])(
    '%s', async (range, start, end) => {
      const answer = await get(address, { range });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/200000`]);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes.subarray(start, end + 1))).toBe(true);
    });

  test.each(['bytes=200000-', 'bytes=5-1', 'bytes=-0'])('%s lies outside', async (range) => {
    const answer = await get(address, { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
  });

  test.each(['bytes=0-1,5-6', 'lines=1-2', 'bytes=a-b'])('%s gives the whole file', async (range) => {
    const answer = await get(address, { range });
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 200_000]);
  });

  test('what the browser has is not sent again', async () => {
    const etag = (await get(address)).headers.get('etag')!;
    expect((await get(address, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(address, { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await get(address, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });
});

test('attachments of messages: claimed, read back in order, shown, removed', async () => {
  const work = t.app.get(UnitOfWork);
  const repository = t.app.get(AttachmentsRepository);
  const files = [await stage('porch.png', await png()), await stage('notes.txt', 'words')];
  const message = await work.run(accountId(account), async (tx) => {
    const inbox = await tx.one<{ id: number }>(`INSERT INTO inboxes (account_id, channel_type, name, public_token) VALUES ($1, 'api', 'x', 'files-test') RETURNING id`, [account]);
    const contact = await tx.one<{ id: number }>('INSERT INTO contacts (account_id) VALUES ($1) RETURNING id', [account]);
    const conversation = await tx.one<{ id: number }>('INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id) VALUES ($1, $2, $3, 1, 1) RETURNING id', [account, inbox!.id, contact!.id]);
    const row = await tx.one<{ id: number }>('INSERT INTO messages (account_id, conversation_id, inbox_id, message_type) VALUES ($1, $2, $3, 0) RETURNING id', [account, conversation!.id, inbox!.id]);
    await repository.insert(tx, { conversationId: conversation!.id, messageId: row!.id, files });
    return { conversationId: conversation!.id, messageId: row!.id };
  });
  const found = await work.run(accountId(account), (tx) => repository.ofMessages(tx, [message, { conversationId: message.conversationId, messageId: 0 }]));
  expect([...found.keys()]).toEqual([message.messageId]);
  const shown = found.get(message.messageId)!.map((row) => t.app.get(AttachmentPresenter).present(row));
  expect(shown).toMatchObject([
    { file_type: 'image', extension: 'png', content_type: 'image/png', file_name: 'porch.png', width: 40, height: 20, account_id: account, message_id: message.messageId },
    { file_type: 'file', extension: 'txt', thumb_url: '', file_size: 5, width: null },
  ]);
  expect((await get(shown[0]!.thumb_url)).headers.get('content-type')).toBe('image/webp');
  expect(await (await get(shown[1]!.data_url)).text()).toBe('words');
  await work.run(accountId(account), (tx) => repository.remove(tx, message));
  expect(await t.app.get(Uploads).sweep()).toBe(2);
  expect((await get(shown[1]!.data_url)).status).toBe(404);
});

test('avatars are kept by browsers, and names cannot be guessed into other folders', async () => {
  const key = await t.app.get(Avatars).save({ userId: 5 }, new ReceivedImage('x.png', await png()));
  const answer = await get(t.app.get(Avatars).url(key));
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([200, 'image/webp', 'private, max-age=31536000, immutable']);
  for (const path of ['/avatars/u5/x.webp', `/avatars/u6/${key.slice(-32)}.webp`, '/avatars/..%2Fu5/x.webp', `/avatars/${account}%2Ffiles/x`]) expect((await get(path)).status).toBe(404);
});

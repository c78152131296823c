import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { startFakeS3, type FakeS3 } from '../../../test/fake-s3.js';
import { readConfig } from '../config/config.js';
import { Keyring } from '../crypto/keyring.js';
import { Blobs } from './blobs.js';
import { DiskBlobs } from './disk-blobs.js';
import { FileStore, type ByteRange } from './file-store.js';
import { S3Blobs } from './s3-blobs.js';

const keyring = Keyring.ofSecret('test-secret-key-test-secret-key-1234');
const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000];

let folder: string;
let s3: FakeS3;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-files-'));
  s3 = await startFakeS3();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await s3.close();
});

const s3Config = () => readConfig({
  DATABASE_URL: 'postgres://x', SECRET_KEY: 'x'.repeat(32), STORAGE: 's3', S3_BUCKET: 'bucket', S3_REGION: 'eu-test-1', S3_ENDPOINT: s3.url,
  S3_ACCESS_KEY_ID: 'key-id', S3_SECRET_ACCESS_KEY: 'secret',
});
const pieces = (bytes: Buffer): Readable => Readable.from((function* () { for (let i = 0; i < bytes.length; i += 10_000) yield bytes.subarray(i, i + 10_000); })());
const read = async (store: FileStore, key: string, range?: ByteRange): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of (await store.open(key))!.read(range)) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

describe.each(['disk', 's3'])('on %s', (kind) => {
  let blobs: Blobs;
  let store: FileStore;
  beforeAll(() => {
    blobs = kind === 's3' ? new S3Blobs(s3Config()) : new DiskBlobs(folder);
    store = new FileStore(blobs, keyring);
  });

  test.each(SIZES)('%i bytes come back as they went in, whole and in parts', async (size) => {
    const bytes = randomBytes(size);
    const key = `1/files/whole-${size}`;
    await store.write(key, pieces(bytes));
    expect((await store.open(key))!.size).toBe(size);
    expect((await read(store, key)).equals(bytes)).toBe(true);
    for (const [start, end] of [[0, 0], [size - 1, size - 1], [65_530, 65_540], [65_536, 131_071], [10, size - 10]] as const) {
      if (start < 0 || end >= size || end < start) continue;
      expect((await read(store, key, { start, end })).equals(bytes.subarray(start, end + 1))).toBe(true);
    }
  });

  test('what is stored shows nothing of the file', async () => {
    await store.write('1/files/secret', pieces(Buffer.from('a very recognisable sentence '.repeat(5000))));
    const stored = kind === 's3' ? s3.objects.get('1/files/secret')! : readFileSync(join(folder, '1/files/secret'));
    expect(stored.length).toBeGreaterThan(100_000);
    expect(stored.includes('recognisable')).toBe(false);
  });

  test('a source that fails leaves nothing behind', async () => {
    const failing = async function* () { yield randomBytes(7_000_000); throw new Error('the line broke'); };
    await expect(store.write('1/files/broken', failing())).rejects.toThrow('the line broke');
    expect(await store.open('1/files/broken')).toBeUndefined();
    if (kind === 'disk') expect(readdirSync(join(folder, '.incoming'))).toEqual([]);
    else expect(s3.unfinished.size).toBe(0);
  });

  test('a removed file is gone; removing it again is no error', async () => {
    await store.write('1/files/gone', pieces(randomBytes(10)));
    await store.remove('1/files/gone');
    await store.remove('1/files/gone');
    expect(await store.open('1/files/gone')).toBeUndefined();
  });
});

test('a file in many parts reaches the bucket whole', async () => {
  const store = new FileStore(new S3Blobs(s3Config()), keyring);
  const bytes = randomBytes(12_000_000);
  await store.write('1/files/large', pieces(bytes));
  expect((await read(store, '1/files/large')).equals(bytes)).toBe(true);
  expect(s3.unfinished.size).toBe(0);
});

describe('stored bytes that are not what was written', () => {
  const SEALED = 65_536 + 16;
  let store: FileStore;
  const damaged = async (change: (stored: Buffer) => Buffer): Promise<Promise<Buffer>> => {
    store = new FileStore(new DiskBlobs(folder), keyring);
    await store.write('1/files/damaged', pieces(randomBytes(200_000)));
    const path = join(folder, '1/files/damaged');
    writeFileSync(path, change(readFileSync(path)));
    return read(store, '1/files/damaged');
  };

  test.each<[string, (stored: Buffer) => Buffer]>([
    ['one bit changed', (b) => { b[70_000]! ^= 1; return b; }],
    ['the header changed', (b) => { b[15]! ^= 1; return b; }],
    ['the last chunk cut off', (b) => b.subarray(0, 32 + 3 * SEALED)],
    ['cut in the middle of a chunk', (b) => b.subarray(0, b.length - 100)],
    ['two chunks swapped', (b) => Buffer.concat([b.subarray(0, 32), b.subarray(32 + SEALED, 32 + 2 * SEALED), b.subarray(32, 32 + SEALED), b.subarray(32 + 2 * SEALED)])],
    ['a chunk repeated', (b) => Buffer.concat([b.subarray(0, 32 + SEALED), b.subarray(32)])],
    ['bytes appended', (b) => Buffer.concat([b, randomBytes(500)])],
    ['only the header left', (b) => b.subarray(0, 32)],
  ])('%s: refused, never shown', async (_, change) => {
    await expect(damaged(change)).rejects.toThrow(/cut short|changed|longer/);
  });

  test('a file put in the place of another does not open', async () => {
    store = new FileStore(new DiskBlobs(folder), keyring);
    await store.write('1/files/mine', pieces(randomBytes(100)));
    await store.write('2/files/theirs', pieces(randomBytes(100)));
    writeFileSync(join(folder, '1/files/mine'), readFileSync(join(folder, '2/files/theirs')));
    await expect(read(store, '1/files/mine')).rejects.toThrow(/changed/);
  });

  test('another key does not open it', async () => {
    await store.write('1/files/keyed', pieces(randomBytes(100)));
    const other = new FileStore(new DiskBlobs(folder), Keyring.ofSecret('another-secret-another-secret-1234'));
    await expect(read(other, '1/files/keyed')).rejects.toThrow(/another key/);
  });
});

test('keys cannot leave their folder, and files are for the server alone', async () => {
  const disk = new DiskBlobs(folder);
  await expect(disk.put('../outside', pieces(Buffer.from('x')))).rejects.toThrow(/not a storage key/);
  await expect(disk.size('1/../../etc/passwd')).rejects.toThrow(/not a storage key/);
  await new FileStore(disk, keyring).write('1/files/mode', pieces(Buffer.from('x')));
  expect(statSync(join(folder, '1/files/mode')).mode & 0o077).toBe(0);
});

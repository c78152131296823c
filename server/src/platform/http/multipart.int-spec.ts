import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Injectable, Module, Post, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { eventually } from '../../../test/http.js';
import { testDatabase, type TestDatabase } from '../../../test/test-database.js';
import { Clock } from '../clock/clock.js';
import { ConfigModule } from '../config/config.module.js';
import { readConfig } from '../config/config.js';
import { CryptoModule } from '../crypto/crypto.module.js';
import { accountId } from '../database/account-id.js';
import { DatabaseModule } from '../database/database.module.js';
import { SystemWork, UnitOfWork } from '../database/unit-of-work.js';
import { Log } from '../logging/log.js';
import { LoggingModule } from '../logging/logging.module.js';
import { receivedImage, type ReceivedImage, Avatars } from '../storage/avatars.js';
import { FileStore } from '../storage/file-store.js';
import { stagedFiles, type StagedFile } from '../storage/staged-file.js';
import { RedisModule } from '../redis/redis.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { Uploads } from '../storage/uploads.js';
import { AcceptsFiles, AcceptsImage } from './accepts-files.js';
import { createApp } from './create-app.js';
import { Problem } from './problem.js';
import { rememberAccount } from './request-account.js';
import { formJson, freeObject, text } from './schema-fields.js';

const ACCOUNT = accountId(7);
const MESSAGE = z.object({ content: text(10_000).optional(), attachments: stagedFiles.optional(), content_attributes: formJson(freeObject).optional() });

@Injectable()
class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.headers['x-key'] !== 'right') throw new Problem('unauthenticated', 'no');
    rememberAccount(request, ACCOUNT);
    return true;
  }
}

/** Claims what it gets unless it is told to fail. */
@Controller()
@UseGuards(KeyGuard)
class ProbeController {
  constructor(private readonly uploads: Uploads, private readonly unitOfWork: UnitOfWork, private readonly avatars: Avatars) {}

  @Post('messages')
  @AcceptsFiles()
  async message(@Body({ schema: MESSAGE } as never) body: { content?: string; attachments?: StagedFile[]; content_attributes?: object }): Promise<object> {
    if (body.content === 'fail') throw new Problem('unprocessable', 'as asked');
    if (body.content !== 'ignore') await this.unitOfWork.run(ACCOUNT, (tx) => this.uploads.claim(tx, body.attachments ?? []));
    return body;
  }

  @Post('avatar')
  @AcceptsImage()
  async avatar(@Body({ schema: z.object({ avatar: receivedImage }) } as never) body: { avatar: ReceivedImage }): Promise<object> {
    return { key: await this.avatars.save({ accountId: ACCOUNT }, body.avatar) };
  }

  @Post('plain')
  plain(@Body({ schema: z.object({ a: z.object({ b: z.string() }) }) } as never) body: object): object {
    return body;
  }
}

let database: TestDatabase;
let app: NestFastifyApplication;
let url: string;
const folder = mkdtempSync(join(tmpdir(), 'porchlight-multipart-'));
beforeAll(async () => {
  database = await testDatabase();
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, DATABASE_POOL: '4', SECRET_KEY: 'x'.repeat(40), DATA_DIR: folder });
  const log = Log.at('silent');

  @Module({ imports: [ConfigModule.with(config), LoggingModule.with(log, new Clock()), CryptoModule, DatabaseModule, RedisModule, StorageModule], controllers: [ProbeController] })
  class ProbeModule {}
  app = await createApp(ProbeModule, config, log);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
});
afterAll(async () => {
  await app.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

type Part = [name: string, content: string | Buffer, fileName?: string, type?: string];
const form = (...parts: Part[]): FormData => {
  const data = new FormData();
  for (const [name, content, fileName, type] of parts) {
    if (fileName === undefined) data.append(name, content as string);
    else data.append(name, new Blob([content as never], { type: type ?? '' }), fileName);
  }
  return data;
};
const post = async (path: string, body: FormData | object, key = 'right') => {
  const json = !(body instanceof FormData);
  const response = await fetch(url + path, { method: 'POST', headers: { 'x-key': key, ...(json ? { 'content-type': 'application/json' } : {}) }, body: json ? JSON.stringify(body) : body });
  return { status: response.status, body: await response.json() as any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
};
const storedFiles = (): string[] => readdirSync(folder, { recursive: true }).map(String).filter((name) => statSync(join(folder, name)).isFile());
const uploadRows = async (): Promise<number> => (await app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM uploads'))[0]!.n;
/** What a refused request must leave: nothing. Discarding happens after the answer. */
const expectNothingNew = async (before: string[]): Promise<void> => {
  await eventually('refused files are gone', async () => await uploadRows() === 0 && storedFiles().length === before.length);
  expect(storedFiles().sort()).toEqual(before.sort());
};

const png = (side = 1000): Promise<Buffer> => sharp({ create: { width: side, height: side / 2, channels: 3, background: '#f59e0b' } }).png().toBuffer();
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('what is taken', () => {
  test('files and folded fields reach the schema; claimed files stay', async () => {
    const answer = await post('/messages', form(['content', 'hello'], ['content_attributes[a][b]', '1'], ['attachments[]', await png(), 'porch.png', 'image/png'], ['attachments[]', 'plain words', 'notes.txt', 'text/plain']));
    expect(answer.status).toBe(201);
    expect(answer.body.content_attributes).toEqual({ a: { b: '1' } });
    expect(answer.body.attachments).toMatchObject([
      { fileName: 'porch.png', contentType: 'image/png', width: 1000, height: 500 }, { fileName: 'notes.txt', contentType: 'text/plain', size: 11 },
    ]);
    expect(answer.body.attachments[0].storageKey).toMatch(/^7\/files\//);
    expect(await uploadRows()).toBe(0);
    const thumbnail = await sharp(await app.get(FileStore).readAll(answer.body.attachments[0].thumbnailKey)).metadata();
    expect(thumbnail).toMatchObject({ format: 'webp', width: 480, height: 240 });
    expect((await app.get(FileStore).readAll(answer.body.attachments[1].storageKey))!.toString()).toBe('plain words');
  });

  test('content_attributes as JSON text, a single file without brackets', async () => {
    const answer = await post('/messages', form(['content_attributes', '{"in_reply_to":3}'], ['attachments', 'x', 'x.txt']));
    expect(answer.body).toMatchObject({ content_attributes: { in_reply_to: 3 }, attachments: [{ fileName: 'x.txt' }] });
  });

  test('a photo taken sideways is measured upright, and its thumbnail tells no place', async () => {
    const photo = await sharp({ create: { width: 600, height: 300, channels: 3, background: '#222' } }).withExif({ IFD0: { Copyright: 'somewhere' } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { body } = await post('/messages', form(['attachments[][file]', photo, 'photo.jpg']));
    expect(body.attachments[0]).toMatchObject({ width: 300, height: 600 });
    const thumbnail = await sharp(await app.get(FileStore).readAll(body.attachments[0].thumbnailKey)).metadata();
    expect([thumbnail.width, thumbnail.height, thumbnail.exif]).toEqual([240, 480, undefined]);
  });

  test.each<[string, string | Buffer, string, string, string]>([
    ['an SVG called an image', SVG, 'a.svg', 'image/svg+xml', 'image/svg+xml'],
    ['an SVG called a PNG', SVG, 'a.png', 'image/png', 'image/svg+xml'],
    ['HTML called an image', '<!doctype html><script>alert(1)</script>', 'a.jpg', 'image/jpeg', 'text/html'],
    ['XML', '<?xml version="1.0"?><x/>', 'a.xml', 'image/png', 'application/xml'],
    ['a broken PNG', Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), randomBytes(300)]), 'a.png', 'image/png', 'application/octet-stream'],
    ['random bytes called a video', Buffer.concat([Buffer.from([0]), randomBytes(500)]), 'a.mp4', 'video/mp4', 'application/octet-stream'],
    ['an empty file', '', 'a.png', 'image/png', 'text/plain'],
  ])('%s is a plain file without a thumbnail', async (_, content, name, declared, type) => {
    const { status, body } = await post('/messages', form(['attachments[]', content, name, declared]));
    expect([status, body.attachments[0].contentType, body.attachments[0].thumbnailKey]).toEqual([201, type, undefined]);
  });

  test('an image of too many pixels is a plain file', async () => {
    const huge = await sharp({ create: { width: 8000, height: 7000, channels: 3, background: '#fff' } }).png({ compressionLevel: 9 }).toBuffer();
    const { body } = await post('/messages', form(['attachments[]', huge, 'huge.png']));
    expect(body.attachments[0]).toMatchObject({ contentType: 'application/octet-stream', size: huge.length });
  });

  test('names lose folders, control and direction-changing characters', async () => {
    const { body } = await post('/messages', form(['attachments[]', 'x', '../../etc/\u202Egpj.exe'], ['attachments[]', 'x', `${'ä'.repeat(400)}.pdf`]));
    expect(body.attachments[0].fileName).toBe('gpj.exe');
    expect(body.attachments[1].fileName).toMatch(/^ä{196}\.pdf$/);
  });

  test('files of 40 MB are taken, in less memory than they have bytes', async () => {
    const piece = randomBytes(64 * 1024);
    const opens = Buffer.from('--b\r\nContent-Disposition: form-data; name="attachments[]"; filename="large.bin"\r\n\r\n');
    const files = function* () { for (let file = 0; file < 5; file++) { yield opens; for (let i = 0; i < 640; i++) yield piece; yield Buffer.from('\r\n'); } yield Buffer.from('--b--\r\n'); };
    const before = process.memoryUsage.rss();
    let peak = 0;
    const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss() - before); }, 5);
    // Not by fetch(), which holds on to what it has sent.
    const asked = request(`${url}/messages`, { method: 'POST', headers: { 'x-key': 'right', 'content-type': 'multipart/form-data; boundary=b' } });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    await pipeline(Readable.from(files(), { objectMode: false }), asked);
    const [answer] = await answered;
    const { attachments } = await json(answer) as { attachments: StagedFile[] };
    clearInterval(timer);
    expect([answer.statusCode, attachments.map(({ size }) => size)]).toEqual([201, Array.from({ length: 5 }, () => 40 * 1024 * 1024)]);
    // 200 MB in all. What is read and written already goes when the collector comes, which on a busy machine is later.
    expect(peak / 1024 / 1024).toBeLessThan(160);
  });
});

describe('what is refused, leaving nothing', () => {
  test.each<[string, () => Promise<FormData | object> | FormData | object, number, object]>([
    ['41 MB', () => form(['attachments[]', randomBytes(41 * 1024 * 1024), 'large.bin']), 413, { error: 'A file may have at most 40 MB.' }],
    ['16 files', () => form(...Array.from({ length: 16 }, (_, i): Part => ['attachments[]', `file ${i}`, `${i}.txt`])), 422, { attributes: ['attachments'] }],
    ['a good file with NUL in the text', () => form(['attachments[]', 'x', 'x.txt'], ['content', 'a\u0000b']), 422, { attributes: ['content'] }],
    ['a good file with 10,001 characters', () => form(['attachments[]', 'x', 'x.txt'], ['content', 'x'.repeat(10_001)]), 422, { attributes: ['content'] }],
    ['a field of a megabyte', () => form(['content', 'x'.repeat(1_000_000)]), 413, {}],
    ['a handler that fails', () => form(['attachments[]', 'x', 'x.txt'], ['content', 'fail']), 422, { error: 'as asked' }],
    ['text where a file belongs', () => form(['attachments[]', '7/files/abc']), 422, { attributes: ['attachments.0'] }],
    ['a storage key in JSON', () => ({ attachments: [{ storageKey: '7/files/abc', fileName: 'x', contentType: 'image/png', size: 1 }] }), 422, { attributes: ['attachments.0'] }],
    ['__proto__ as a field', () => form(['__proto__', 'x']), 400, {}],
  ])('%s', async (_, body, status, expected) => {
    const before = storedFiles();
    const answer = await post('/messages', await body());
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(expected);
    await expectNothingNew(before);
  });

  test('a file that nobody claims', async () => {
    const before = storedFiles();
    expect((await post('/messages', form(['attachments[]', await png(), 'x.png'], ['content', 'ignore']))).status).toBe(201);
    await expectNothingNew(before);
  });

  test('bytes of somebody without the right are not even staged', async () => {
    const before = storedFiles();
    expect((await post('/messages', form(['attachments[]', randomBytes(500_000), 'x.bin']), 'wrong')).status).toBe(401);
    expect([storedFiles(), await uploadRows()]).toEqual([before, 0]);
  });

  test('files where none are taken', async () => {
    expect((await post('/plain', form(['a[b]', 'x'], ['c', 'x', 'x.txt']))).status).toBe(422);
    expect(await post('/plain', form(['a[b]', 'x']))).toEqual({ status: 201, body: { a: { b: 'x' } } });
  });

  test('a visitor who goes away in the middle', async () => {
    const before = storedFiles();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`POST /messages HTTP/1.1\r\nHost: x\r\nX-Key: right\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n`
      + `--b\r\nContent-Disposition: form-data; name="attachments[]"; filename="x.bin"\r\n\r\n${'x'.repeat(200_000)}`);
    await eventually('the upload has begun', async () => await uploadRows() === 1);
    socket.destroy();
    await expectNothingNew(before);
  });

  test('a form that ends in the middle', async () => {
    const before = storedFiles();
    const response = await fetch(`${url}/messages`, { method: 'POST', headers: { 'x-key': 'right', 'content-type': 'multipart/form-data; boundary=b' }, body: '--b\r\nContent-Disposition: form-data; name="attachments[]"; filename="x.bin"\r\n\r\nabc' });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    await expectNothingNew(before);
  });
});

describe('bodies that are none', () => {
  const send = async (type: string, body: Buffer | string) => {
    const response = await fetch(`${url}/plain`, { method: 'POST', headers: { 'x-key': 'right', 'content-type': type }, body: body as never });
    return [response.status, (await response.json() as { error?: string }).error];
  };

  test.each<[string, string, Buffer | string, number, string]>([
    ['plain text', 'text/plain', '{"a":{"b":"x"}}', 415, 'Send the body as application/json, not as text/plain. Files are sent as multipart/form-data.'],
    ['XML', 'application/xml; charset=utf-8', '<a/>', 415, 'Send the body as application/json, not as application/xml. Files are sent as multipart/form-data.'],
    ['bytes that are no UTF-8', 'application/json', Buffer.from('7b2261223a7b2262223a22ff227d7d', 'hex'), 400, 'The body is not UTF-8.'],
    ['a form that is no UTF-8', 'application/x-www-form-urlencoded', Buffer.from('615b625d3dff', 'hex'), 400, 'The body is not UTF-8.'],
    ['JSON with a comma too many', 'application/json', '{"a":1,}', 400, 'The body is not JSON at position 7.'],
    ['JSON cut short', 'application/json', '{"a":', 400, 'The body is not JSON.'],
  ])('%s', async (_, type, body, status, error) => {
    expect(await send(type, body)).toEqual([status, error]);
  });

  test('JSON after the mark that some editors put before it is taken', async () => {
    expect((await send('application/json', '\uFEFF{"a":{"b":"x"}}'))[0]).toBe(201);
  });
});

describe('after a day', () => {
  test('the sweeper removes what no message claimed and what was released, nothing else', async () => {
    const { body } = await post('/messages', form(['attachments[]', await png(), 'kept.png'], ['attachments[]', await png(), 'released.png']));
    const [kept, released] = body.attachments as StagedFile[];
    const uploads = app.get(Uploads);
    const forgotten = await uploads.stage(ACCOUNT, { fileName: 'forgotten.txt', declaredType: '', source: (async function* () { yield Buffer.from('x'); })() });
    const fresh = await uploads.stage(ACCOUNT, { fileName: 'fresh.txt', declaredType: '', source: (async function* () { yield Buffer.from('x'); })() });
    await app.get(SystemWork).sql(`UPDATE uploads SET created_at = now() - interval '25 hours' WHERE storage_key = $1`, [forgotten.storageKey]);
    await app.get(UnitOfWork).run(ACCOUNT, (tx) => uploads.release(tx, [released!.storageKey]));
    expect(await uploads.sweep()).toBe(2);
    const there = storedFiles().filter((name) => [kept, released, forgotten, fresh].some((f) => name.includes(f!.storageKey)));
    expect(there.map((name) => name.replace('files/', '')).sort()).toEqual([kept!.storageKey, kept!.thumbnailKey, fresh.storageKey].sort());
    await uploads.discard(ACCOUNT, [fresh]);
  });

  test('a file is claimed once', async () => {
    const uploads = app.get(Uploads);
    const file = await uploads.stage(ACCOUNT, { fileName: 'x', declaredType: '', source: (async function* () { yield Buffer.from('x'); })() });
    const claim = () => app.get(UnitOfWork).run(ACCOUNT, (tx) => uploads.claim(tx, [file]));
    const outcomes = await Promise.allSettled([claim(), claim(), claim()]);
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1);
    await expect(app.get(UnitOfWork).run(accountId(8), (tx) => uploads.claim(tx, [file]))).rejects.toThrow(/gone/);
  });
});

describe('avatars', () => {
  test('are cut square, re-encoded and freed of metadata', async () => {
    const photo = await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#f59e0b' } }).withExif({ IFD0: { Copyright: 'x' } }).jpeg().toBuffer();
    const { status, body } = await post('/avatar', form(['avatar', photo, 'me.jpg']));
    expect(status).toBe(201);
    expect(app.get(Avatars).url(body.key)).toMatch(/^\/avatars\/7\/[\w-]{32}\.webp$/);
    const [, owner, name] = /avatars\/(.*)\/(.*)$/.exec(app.get(Avatars).url(body.key))!;
    const stored = await sharp(await app.get(Avatars).read(owner!, name!)).metadata();
    expect([stored.format, stored.width, stored.height, stored.exif]).toEqual(['webp', 512, 512, undefined]);
  });

  test.each<[string, string | Buffer, number]>([['an SVG', SVG, 422], ['text', 'hello', 422], ['11 MB', randomBytes(11 * 1024 * 1024), 413]])('%s is refused', async (_, content, status) => {
    const before = storedFiles();
    expect((await post('/avatar', form(['avatar', content, 'me.png', 'image/png']))).status).toBe(status);
    expect(storedFiles()).toEqual(before);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { BuiltFiles } from '../../platform/pages/built-files.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp({ LOG_LEVEL: 'silent', SECURITY_CONTACT: 'mailto:security@example.org' }); });
afterAll(() => t.close());

/** The answer before anybody decodes it. */
const raw = (url: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> => new Promise((resolve, reject) => {
  get(url, { headers }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) })).on('error', reject);
  }).on('error', reject);
});

test('the address itself leads to the dashboard, and robots stay out', async () => {
  const root = await call(t, null, 'GET', '/');
  expect([root.status, root.headers.get('location')]).toEqual([302, '/app']);
  expect((await call(t, null, 'GET', '/robots.txt')).body).toBe('User-agent: *\nDisallow: /\n');
  const { body } = await call(t, null, 'GET', '/.well-known/security.txt');
  const [, expires] = /^Contact: mailto:security@example\.org\nExpires: (\S+)\n$/.exec(body as string)!;
  expect(Date.parse(expires!) - t.clock.now()).toBeGreaterThan(60 * 86_400_000);
});

test('every view of the dashboard is locked against framing and foreign scripts, built or not', async () => {
  for (const path of ['/app', '/app/', '/app/accounts/1/conversations/12?tab=mine']) {
    const page = await call(t, null, 'GET', path);
    expect([200, 503]).toContain(page.status);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'.*script-src 'self';.*object-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/);
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    if (page.status === 200) expect(page.headers.get('cache-control')).toBe('no-store');
    else expect(page.body.error).toMatch(/npm run build/);
  }
});

test('a missing file is missing, and no path leaves the builds', async () => {
  for (const path of ['/app/assets/gone-12345678.js', '/widget-assets/gone.js', '/widget-assets/..%2f..%2fpackage.json', '/app/..%2f..%2fpackage.json', '/widget-assets/%00.js']) {
    expect((await call(t, null, 'GET', path)).status).toBe(404);
  }
});

test('the API describes every route of its own, each with what it answers', async () => {
  const { status, body } = await call(t, null, 'GET', '/api/openapi.json');
  expect(status).toBe(200);
  const undescribed = Object.entries(body.paths as Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema?: object }> }> }>>)
    .flatMap(([path, operations]) => Object.entries(operations).filter(([, { responses }]) => !Object.entries(responses).some(([code, { content }]) =>
      /^[23]/.test(code) && (content === undefined || Object.values(content).some((c) => Object.keys(c.schema ?? {}).length > 0)))).map(([method]) => `${method} ${path}`));
  expect(undescribed).toEqual([]);
  expect(Object.keys(body.paths)).toContain('/health');
});

test('the API says of every operation what its path is made of, who may call it and how it refuses', async () => {
  const { body } = await call(t, null, 'GET', '/api/openapi.json');
  type Operation = { operationId: string; parameters: { name: string; in: string }[]; security: object[]; responses: Record<string, object> };
  const operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })));
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  const parts = ({ path }: { path: string }): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
  expect(operations.filter((one) => one.operation.parameters.filter((p) => p.in === 'path').map((p) => p.name).sort().join() !== parts(one).join()).map(({ name }) => name)).toEqual([]);
  expect(operations.filter(({ path, operation }) => path.startsWith('/api/v1/accounts/') && (operation.security.length === 0 || !operation.responses['401'] || !operation.responses['404'])).map(({ name }) => name)).toEqual([]);
  const schemes = new Set(Object.keys(body.components.securitySchemes));
  expect(operations.flatMap(({ operation }) => operation.security.flatMap((way) => Object.keys(way))).filter((name) => !schemes.has(name))).toEqual([]);
  const references = JSON.stringify(body).match(/"#\/components\/[^"]+"/g)!.map((ref) => ref.slice(1, -1).split('/').slice(2));
  expect(references.filter(([kind, name]) => !body.components[kind!]?.[name!])).toEqual([]);
});

describe('built files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-built-'));
  const script = `console.log(${JSON.stringify('porch '.repeat(5000))})`;
  let server: FastifyInstance;
  let url: string;
  beforeAll(async () => {
    mkdirSync(join(folder, 'dist/assets'), { recursive: true });
    writeFileSync(join(folder, 'dist/assets/main-abcd1234.js'), script);
    writeFileSync(join(folder, 'dist/assets/made-abcd1234.js'), 'original');
    writeFileSync(join(folder, 'dist/assets/made-abcd1234.js.br'), 'made by the build');
    writeFileSync(join(folder, 'dist/photo.png'), 'png');
    writeFileSync(join(folder, 'dist/changing.js'), 'one');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const files = new BuiltFiles(join(folder, 'dist'));
    server = fastify();
    server.get('/*', async (request, reply) => {
      if (!await files.send(request, reply, decodeURIComponent(request.url.slice(1)))) return reply.status(404).send();
      return reply;
    });
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('hashed names are kept for ever and sent in the best coding the browser takes', async () => {
    const br = await raw(`${url}/assets/main-abcd1234.js`, { 'accept-encoding': 'gzip, deflate, br' });
    expect([br.headers['content-encoding'], br.headers['cache-control'], br.headers['vary']]).toEqual(['br', 'public, max-age=31536000, immutable', 'Accept-Encoding']);
    expect(br.body.length).toBeLessThan(500);
    expect(brotliDecompressSync(br.body).toString()).toBe(script);
    const gz = await raw(`${url}/assets/main-abcd1234.js`, { 'accept-encoding': 'gzip, br;q=0' });
    expect(gunzipSync(gz.body).toString()).toBe(script);
    expect((await raw(`${url}/assets/main-abcd1234.js`)).body.toString()).toBe(script);
  });

  test('what the build compressed is used', async () => {
    expect((await raw(`${url}/assets/made-abcd1234.js`, { 'accept-encoding': 'br' })).body.toString()).toBe('made by the build');
  });

  test('a file without a hash is asked for again, and a new build is seen', async () => {
    const first = await raw(`${url}/changing.js`, { 'accept-encoding': 'br' });
    expect(first.headers['cache-control']).toBe('public, max-age=300');
    expect((await raw(`${url}/changing.js`, { 'if-none-match': String(first.headers['etag']) })).status).toBe(304);
    writeFileSync(join(folder, 'dist/changing.js'), 'two');
    utimesSync(join(folder, 'dist/changing.js'), new Date(), new Date(Date.now() + 5000));
    const second = await raw(`${url}/changing.js`, { 'accept-encoding': 'br', 'if-none-match': String(first.headers['etag']) });
    expect(brotliDecompressSync(second.body).toString()).toBe('two');
  });

  test('pictures are not compressed again; nothing outside the folder is sent', async () => {
    expect((await raw(`${url}/photo.png`, { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined();
    for (const path of ['..%2fsecret.txt', 'assets%2f..%2f..%2fsecret.txt', 'assets', '']) expect((await raw(`${url}/${path}`)).status).toBe(404);
  });
});

test('the description can be read as a page that loads and runs nothing', async () => {
  const page = await call<string>(t, null, 'GET', '/api/docs');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
  expect(page.body).toContain('<code>/api/v1/accounts/{account_id}/labels/{id}</code>');
  expect(page.body).not.toMatch(/<script|https?:\/\//);
});

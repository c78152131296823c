import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { readConfig } from '../config/config.js';
import { AddressGuard } from './address-guard.js';
import { OutboundHttp } from './outbound-http.js';

const config = (allow: string) => readConfig({ DATABASE_URL: 'postgres://unused', SECRET_KEY: 'x'.repeat(40), OUTBOUND_ALLOW: allow });
const client = new OutboundHttp(new AddressGuard(config('127.0.0.1,localhost')));
const strict = new OutboundHttp(new AddressGuard(config('')));

let server: Server;
let base: string;
const requests: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
const routes: Record<string, (answer: ServerResponse) => void> = {
  '/ok': (answer) => answer.setHeader('x-answer', '1').end('fine'),
  '/big': (answer) => { answer.write(Buffer.alloc(200_000, 'x')); answer.end(Buffer.alloc(200_000, 'x')); },
  '/endless': (answer) => { const go = (): void => { while (answer.writable && answer.write(Buffer.alloc(65_536, 'x'))) { /* until it is full */ } }; answer.on('drain', go); go(); },
  '/silent': () => undefined,
  '/drop': (answer) => answer.socket!.destroy(),
  '/inside': (answer) => answer.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/once': (answer) => answer.writeHead(302, { location: '/ok' }).end(),
  '/round': (answer) => answer.writeHead(302, { location: '/round' }).end(),
  '/elsewhere': (answer) => answer.writeHead(307, { location: base.replace('127.0.0.1', 'localhost') + '/ok' }).end(),
};

beforeAll(async () => {
  server = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      requests.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      (routes[request.url!] ?? ((a) => a.writeHead(404).end()))(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(async () => {
  await Promise.all([client.onApplicationShutdown(), strict.onApplicationShutdown()]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('where requests may go', () => {
  test.each([
    'https://127.0.0.1/', 'https://10.1.2.3/', 'https://192.168.0.1/', 'https://169.254.169.254/latest/meta-data', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://[64:ff9b::a00:1]/',
    'https://[fd00::1]/', 'https://100.64.0.1/', 'https://168.63.129.16/', 'https://0.0.0.0/', 'https://2130706433/', 'https://0x7f.1/', 'https://localhost/', 'https://[2002:7f00:1::]/',
    'http://example.org/', 'ftp://example.org/', 'file:///etc/passwd', 'https://user:secret@example.org/', 'https://example.org:6379/', 'nonsense', `https://example.org/${'x'.repeat(2_100)}`,
  ])('%s is refused', async (url) => {
    const outcome = await strict.send({ method: 'GET', url });
    expect(outcome).toMatchObject({ kind: 'refused' });
  });

  test('what leads inside is refused when it is given, without asking for its address, and it is told how to allow it', () => {
    const guard = new AddressGuard(config(''));
    for (const host of ['localhost', 'LOCALHOST.', 'app.localhost', 'localhost.localdomain', 'ip6-localhost', '127.0.0.2', '[::1]', '192.168.0.1', 'localhost.', 'metadata.google.internal', 'METADATA.google.internal.', 'printer.local', 'desk.home.arpa', 'redis']) expect(() => guard.parse(`https://${host}/hook`)).toThrow(/private network.*OUTBOUND_ALLOW/);
    for (const host of ['localhost.example.org', 'internal.example.org', 'example.org.']) expect(guard.parse(`https://${host}/`).host).toBe(host);
    expect(() => guard.parse('http://metadata.google.internal/')).toThrow(/https.*OUTBOUND_ALLOW/);
    expect(new AddressGuard(config('n8n')).parse('http://n8n.:5678/').host).toBe('n8n.:5678');
    expect(new AddressGuard(config('10.0.0.0/8')).parse('https://n8n.internal/').host).toBe('n8n.internal');
    expect(() => new AddressGuard(config('10.0.0.0/8')).parse('https://metadata.google.internal/')).toThrow(/private network/);
    expect(new AddressGuard(config('localhost')).parse('http://localhost:3000/').host).toBe('localhost:3000');
    expect(() => new AddressGuard(config('127.0.0.0/8')).parse('https://localhost/')).toThrow(/OUTBOUND_ALLOW/);
    expect(new AddressGuard(config('127.0.0.0/8,::1')).parse('https://localhost/').host).toBe('localhost');
  });

  test('what the operator named is allowed, also without TLS', async () => {
    expect(await client.send({ method: 'GET', url: `${base}/ok` })).toMatchObject({ kind: 'answered', status: 200 });
    const network = new OutboundHttp(new AddressGuard(config('127.0.0.0/8')));
    expect(await network.send({ method: 'GET', url: `${base}/ok` })).toMatchObject({ kind: 'answered', status: 200 });
    await network.onApplicationShutdown();
  });

  test('a redirect is checked like the first address', async () => {
    expect(await client.send({ method: 'GET', url: `${base}/inside` })).toMatchObject({ kind: 'refused' });
    expect(await client.send({ method: 'GET', url: `${base}/round` })).toEqual({ kind: 'refused', reason: 'The address redirects too often.' });
  });
});

describe('what comes back', () => {
  test('status, headers and body', async () => {
    const outcome = await client.sendJson(`${base}/ok`, { a: 1 }, { headers: { 'x-own': 'yes' } });
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, truncated: false });
    expect(outcome.kind === 'answered' && [outcome.body.toString(), outcome.headers['x-answer']]).toEqual(['fine', '1']);
    expect(requests.at(-1)).toMatchObject({ method: 'POST', body: '{"a":1}' });
    expect(requests.at(-1)!.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': 'yes', 'user-agent': 'Porchlight' });
  });

  test('a long answer is cut', async () => {
    for (const path of ['/big', '/endless']) {
      const outcome = await client.send({ method: 'GET', url: base + path, maxBytes: 1_000 });
      expect(outcome).toMatchObject({ kind: 'answered', status: 200, truncated: true });
      expect(outcome.kind === 'answered' && outcome.body.length).toBe(1_000);
    }
  });

  test('GET follows, without credentials to another origin; POST does not follow', async () => {
    expect(await client.send({ method: 'GET', url: `${base}/once` })).toMatchObject({ kind: 'answered', status: 200 });
    await client.send({ method: 'GET', url: `${base}/elsewhere`, headers: { authorization: 'Bearer secret', 'x-plain': '1' } });
    expect(requests.at(-1)!.headers).toMatchObject({ 'x-plain': '1' });
    expect(requests.at(-1)!.headers).not.toHaveProperty('authorization');
    expect(await client.sendJson(`${base}/once`, {})).toMatchObject({ kind: 'answered', status: 302 });
  });

  test('whether anything was written is told apart', async () => {
    const gone = createTcp().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port } = gone.address() as { port: number };
    await new Promise((resolve) => gone.close(resolve));
    expect(await client.sendJson(`http://127.0.0.1:${port}/`, {})).toEqual({ kind: 'not_sent', reason: 'The server refused the connection.' });
    expect(await strict.send({ method: 'GET', url: 'https://no-such-host.invalid/' })).toMatchObject({ kind: 'not_sent' });
    expect(await client.sendJson(`${base}/silent`, {}, { timeoutMs: 200 })).toEqual({ kind: 'lost', reason: 'No answer in time.' });
    expect(await client.sendJson(`${base}/drop`, {})).toMatchObject({ kind: 'lost' });
  });
});

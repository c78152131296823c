import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Person } from './factories.js';
import { call } from './http.js';
import type { TestApp } from './test-app.js';

/** A browser that agreed to be told things, as it hands its subscription to a site. */
export interface TestBrowser { endpoint: string; p256dh: string; auth: string; told: Told[] }
/** What reached it, as the service got it. `accepted` is false where the service answered with a failure. */
export interface Told { payload: Record<string, unknown>; headers: IncomingHttpHeaders; subject: string; accepted: boolean }
interface Answer { status: number; headers?: Record<string, string>; drop?: boolean }
interface Known extends TestBrowser { curve: ECDH; secret: Buffer; siteKey: string; gone: boolean }

export interface PushService {
  /** A browser subscribes for the site with this key. */
  browser(siteKey: string): TestBrowser;
  /** The same, and the person asks to be told there. */
  subscribe(t: TestApp, who: Person, more?: object, siteKey?: string): Promise<TestBrowser & { id: number }>;
  /** The next messages to this browser are answered so, one after the other; afterwards as usual. */
  answer(browser: TestBrowser, ...answers: Answer[]): void;
  /** Its person has switched notifications off. */
  forget(browser: TestBrowser): void;
  /** What broke a rule of the standards. */
  faults: string[];
  close(): Promise<void>;
}

const SUBSCRIPTIONS = '/api/v1/notification_subscriptions';
/** What browsers subscribe for. */
export const siteKeyOf = async (t: TestApp, who: Person): Promise<string> => (await call(t, who, 'GET', SUBSCRIPTIONS)).body.push_public_key;

const JSON_OF = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/**
 * A push service that follows RFC 8030, 8188, 8291 and 8292: refuses what breaks a rule, checks who signed, and decrypts with the browser's own keys.
 * Written from the standards, without the library that encrypts.
 */
export async function startPushService(): Promise<PushService> {
  const browsers = new Map<string, Known>();
  const scripted = new Map<string, Answer[]>();
  const faults: string[] = [];
  let origin = '';

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const known = browsers.get(request.url!);
      if (!known || known.gone) return response.writeHead(known ? 410 : 404).end();
      const next = scripted.get(request.url!)?.shift();
      try {
        if (request.method !== 'POST') throw new Error('is not a POST');
        const subject = signed(request.headers, known, origin);
        const payload = JSON.parse(opened(Buffer.concat(chunks), request.headers, known)) as Record<string, unknown>;
        known.told.push({ payload, headers: request.headers, subject, accepted: next === undefined || next.status < 300 });
      } catch (error) {
        faults.push((error as Error).message);
        return response.writeHead(400).end((error as Error).message);
      }
      if (next?.drop) return request.socket.destroy();
      return response.writeHead(next?.status ?? 201, { location: `${origin}/message/${randomBytes(6).toString('hex')}`, ...next?.headers }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const browser = (siteKey: string): TestBrowser => {
    const curve = createECDH('prime256v1');
    const path = `/push/${randomBytes(8).toString('hex')}`;
    const secret = randomBytes(16);
    const made: Known = { endpoint: origin + path, p256dh: curve.generateKeys().toString('base64url'), auth: secret.toString('base64url'), told: [], curve, secret, siteKey, gone: false };
    browsers.set(path, made);
    return made;
  };
  return {
    faults, browser,
    async subscribe(t, who, more = {}, siteKey) {
      const made = browser(siteKey ?? await siteKeyOf(t, who));
      const { endpoint, p256dh, auth } = made;
      const { status, body } = await call(t, who, 'POST', SUBSCRIPTIONS, { subscription_type: 'browser_push', subscription_attributes: { endpoint, keys: { p256dh, auth }, ...more } });
      if (status !== 200) throw new Error(`The subscription was answered ${status}.`);
      return Object.assign(made, { id: body.id as number });
    },
    answer: (to, ...answers) => void scripted.set(new URL(to.endpoint).pathname, answers),
    forget: (one) => { (one as Known).gone = true; },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** RFC 8292: who sends is who the browser subscribed for. Answers whom to turn to. */
function signed(headers: IncomingHttpHeaders, browser: Known, origin: string): string {
  const [, token, key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  if (!token || key !== browser.siteKey) throw new Error('is not signed with the key of the subscription');
  const [head, claims, signature] = token.split('.') as [string, string, string];
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } });
  if (JSON_OF(head)['alg'] !== 'ES256' || !verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))) throw new Error('has a wrong signature');
  const { aud, exp, sub } = JSON_OF(claims) as { aud: string; exp: number; sub: string };
  const left = exp - Date.now() / 1_000;
  if (aud !== origin || left <= 0 || left > 86_400 || !/^(mailto:|https:)/.test(sub)) throw new Error(`has wrong claims ${JSON.stringify({ aud, exp, sub })}`);
  return sub;
}

/** RFC 8030 section 5 and RFC 8291: the message, as the browser reads it. */
function opened(body: Buffer, headers: IncomingHttpHeaders, { curve, secret, p256dh }: Known): string {
  if (!/^\d+$/.test(headers['ttl'] as string) || headers['content-encoding'] !== 'aes128gcm' || body.length > 4_096) throw new Error('lacks a TTL, is not aes128gcm or too long');
  if (!['very-low', 'low', 'normal', 'high'].includes(headers['urgency'] as string) || !/^[\w-]{1,32}$/.test(headers['topic'] as string)) throw new Error('has a wrong urgency or topic');
  const [salt, size, sender] = [body.subarray(0, 16), body.readUInt32BE(16), body.subarray(21, 21 + body[20]!)];
  const record = body.subarray(21 + sender.length);
  if (sender.length !== 65 || record.length > size) throw new Error('is not one record with the key of the sender');
  const derived = (keys: Buffer, with_: Buffer, info: string | Buffer, length: number): Buffer => Buffer.from(hkdfSync('sha256', keys, with_, info, length));
  const input = derived(curve.computeSecret(sender), secret, Buffer.concat([Buffer.from('WebPush: info\0'), Buffer.from(p256dh, 'base64url'), sender]), 32);
  const decipher = createDecipheriv('aes-128-gcm', derived(input, salt, 'Content-Encoding: aes128gcm\0', 16), derived(input, salt, 'Content-Encoding: nonce\0', 12));
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('is not padded as the last record');
  return padded.subarray(0, end).toString('utf8');
}

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { SmtpReceiver } from '../../../test/smtp-receiver.js';
import { readConfig } from '../config/config.js';
import { AddressGuard } from '../outbound-http/address-guard.js';
import { SmtpSender } from './smtp-sender.js';
import { serverOfUrl, type SmtpMail, type SmtpServer } from './smtp-server.js';

const config = (allow: string) => readConfig({ DATABASE_URL: 'postgres://x', SECRET_KEY: 'x'.repeat(32), OUTBOUND_ALLOW: allow });
const senderWith = (allow: string): SmtpSender => new SmtpSender(new AddressGuard(config(allow)), config(allow));
let receiver: SmtpReceiver;
let sender: SmtpSender;
let server: SmtpServer;
beforeAll(async () => {
  receiver = await SmtpReceiver.start({ size: 100_000 });
  sender = senderWith('127.0.0.1');
  server = { host: '127.0.0.1', port: receiver.port, security: 'none' };
});
afterAll(async () => { sender.onApplicationShutdown(); await receiver.stop(); });
afterEach(() => { receiver.mails.length = 0; });

const mail = (more: Partial<SmtpMail> & { text?: string } = {}): SmtpMail => ({ from: 'help@example.org', to: ['jo@example.com'], read: () => Readable.from([`Subject: x\r\n\r\n${more.text ?? 'hello'}\r\n`]), ...more });

test('mails go over one connection, which is renewed when the server has closed it', async () => {
  const before = receiver.connections;
  for (let n = 0; n < 3; n += 1) expect(await sender.send(server, mail())).toMatchObject({ kind: 'accepted', refused: [] });
  expect(receiver.connections).toBe(before + 1);
  receiver.hangUp();
  expect(await sender.send(server, mail())).toMatchObject({ kind: 'accepted' });
  expect([receiver.mails.length, receiver.connections]).toEqual([4, before + 2]);
});

test('many at once use few connections, and each arrives', async () => {
  const before = receiver.connections;
  const outcomes = await Promise.all(Array.from({ length: 30 }, (_, n) => sender.send(server, mail({ text: `mail ${n}` }))));
  expect(outcomes.every((outcome) => outcome.kind === 'accepted')).toBe(true);
  expect(receiver.connections - before).toBeLessThanOrEqual(5);
  expect(new Set(receiver.mails.map(({ raw }) => raw)).size).toBe(30);
});

describe('what the server says', () => {
  test.each([
    ['greylisting', { at: 'recipient', code: 450, text: '4.2.0 Greylisted, try again later' }, { kind: 'refused', permanent: false, code: 450, stage: 'recipient', reason: '4.2.0 Greylisted, try again later' }],
    ['an unknown recipient', { at: 'recipient', code: 550, text: '5.1.1 No such user here' }, { kind: 'refused', permanent: true, code: 550, stage: 'recipient', reason: '5.1.1 No such user here' }],
    ['a sender it does not let through', { at: 'sender', code: 553, text: '5.7.1 Not owned by user' }, { kind: 'refused', permanent: true, stage: 'sender' }],
    ['a text it takes for spam', { at: 'data', code: 554, text: '5.7.1 Spam' }, { kind: 'refused', permanent: true, stage: 'message', reason: '5.7.1 Spam' }],
    ['a full disk', { at: 'data', code: 452, text: '4.3.1 Insufficient storage' }, { kind: 'refused', permanent: false, stage: 'message' }],
  ] as const)('%s', async (_name, behaviour, outcome) => {
    receiver.next(behaviour);
    expect(await sender.send(server, mail())).toMatchObject(outcome);
    expect(receiver.mails).toEqual([]);
  });

  test('one recipient of two', async () => {
    receiver.next({ at: 'recipient', code: 550, text: '5.1.1 Gone', only: 'old@example.com' });
    expect(await sender.send(server, mail({ to: ['jo@example.com', 'old@example.com'] }))).toMatchObject({ kind: 'accepted', refused: [{ address: 'old@example.com', permanent: true, reason: '5.1.1 Gone' }] });
    expect(receiver.mails[0]!.to).toEqual(['jo@example.com']);
  });

  test('a mail larger than it takes', async () => {
    expect(await sender.send(server, mail({ text: 'x'.repeat(200_000) }))).toMatchObject({ kind: 'refused', permanent: true, code: 552 });
  });
});

describe('a connection that dies', () => {
  test('while the mail is written: it was not taken', async () => {
    receiver.next('drop in the middle');
    let goOn = (): void => undefined;
    const more = new Promise<void>((resolve) => { goOn = resolve; });
    const slow = async function* (): AsyncGenerator<string> {
      yield 'Subject: x\r\n\r\nhalf of it\r\n';
      await more;
      yield 'and the rest\r\n';
    };
    expect(await sender.send(server, mail({ read: () => Readable.from(slow()) }))).toMatchObject({ kind: 'refused', permanent: false, reason: expect.stringMatching(/broke off/) });
    goOn();
    expect(receiver.mails).toEqual([]);
  });

  test('after the mail was written: nobody knows', async () => {
    receiver.next('take it and drop');
    expect(await sender.send(server, mail())).toEqual({ kind: 'unknown', reason: 'The connection broke after the mail was handed over, before the server confirmed it.' });
    expect(receiver.mails).toHaveLength(1);
  });

  test('a file that cannot be read to its end leaves no half mail', async () => {
    const broken = async function* (): AsyncGenerator<string> {
      yield 'Subject: x\r\n\r\nhalf';
      throw new Error('This file was cut short.');
    };
    expect(await sender.send(server, mail({ read: () => Readable.from(broken()) }))).toMatchObject({ kind: 'refused', permanent: false });
    expect(receiver.mails).toEqual([]);
  });
});

describe('signing in', () => {
  test('by password or token; a wrong one is said', async () => {
    const secured = await SmtpReceiver.start({ authOptional: false, allowInsecureAuth: true, authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'] });
    const at = (more: Partial<SmtpServer>): SmtpServer => ({ ...server, port: secured.port, user: 'help', ...more });
    expect(await sender.check(at({ password: 'right' }))).toBeUndefined();
    expect(await sender.send(at({ accessToken: 'right-token' }), mail())).toMatchObject({ kind: 'accepted' });
    expect(secured.mails[0]!.user).toBe('help');
    for (const wrong of [{ password: 'wrong' }, { accessToken: 'old-token' }]) {
      expect(await sender.check(at(wrong))).toMatchObject({ stage: 'sign_in', permanent: true, code: 535, reason: '5.7.8 Authentication credentials invalid' });
    }
    await secured.stop();
  });
});

describe('the way to the server', () => {
  test('a certificate that nobody vouches for is refused', async () => {
    const [tls, starttls] = await Promise.all([SmtpReceiver.start({ secure: true }), SmtpReceiver.start({ disabledCommands: [] })]);
    expect(await sender.check({ ...server, port: tls.port, security: 'tls' })).toMatchObject({ stage: 'tls', permanent: true, reason: expect.stringMatching(/certificate is not valid/) });
    expect(await sender.check({ ...server, port: starttls.port, security: 'starttls' })).toMatchObject({ stage: 'tls', permanent: true, reason: expect.stringMatching(/certificate is not valid/) });
    await Promise.all([tls.stop(), starttls.stop()]);
  });

  test('no encryption where it is demanded, a closed port, an unknown name', async () => {
    expect(await sender.check({ ...server, security: 'starttls' })).toMatchObject({ stage: 'tls' });
    expect(await sender.check({ ...server, security: 'tls' })).toMatchObject({ stage: 'tls' });
    const gone = await SmtpReceiver.start();
    await gone.stop();
    expect(await sender.check({ ...server, port: gone.port })).toEqual({ stage: 'connect', permanent: false, reason: 'The server refused the connection.' });
    expect(await sender.check({ ...server, host: 'no-such-host.invalid', port: 587, security: 'tls' })).toMatchObject({ stage: 'connect', permanent: false });
  });

  test('private networks and odd ports are not gone to', async () => {
    const strict = senderWith('');
    expect(await strict.send(server, mail())).toMatchObject({ kind: 'refused', stage: 'address', permanent: true });
    expect(await strict.check({ host: '127.0.0.1', port: 587, security: 'tls' })).toMatchObject({ stage: 'address', reason: expect.stringMatching(/^The address leads into a private network\. .*OUTBOUND_ALLOW/) });
    expect(await strict.check({ host: '192.0.2.1', port: 8080, security: 'tls' })).toMatchObject({ stage: 'address', reason: expect.stringMatching(/^Port 8080 cannot be used\./) });
    expect(await strict.check({ host: '1.1.1.1', port: 25, security: 'none' })).toMatchObject({ stage: 'address', reason: 'The connection must be encrypted.' });
  });
});

test.each([
  ['smtp://127.0.0.1:2525', { host: '127.0.0.1', port: 2525, security: 'none', trusted: true }],
  ['smtps://me%40x.org:p%3Aw@mail.x.org', { host: 'mail.x.org', port: 465, security: 'tls', trusted: true, user: 'me@x.org', password: 'p:w' }],
  ['smtp://mail.x.org', { host: 'mail.x.org', port: 587, security: 'starttls', trusted: true }],
  ['smtp://relay?ignoreTLS=true', { host: 'relay', port: 587, security: 'none', trusted: true }],
])('%s', (url, expected) => { expect(serverOfUrl(url)).toEqual(expected); });

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { givePassword, makeAccount, makeMember, PASSWORD, signIn, unique, type AccountWithAdmin } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { linkIn, startMailServer, type MailServer } from '../../../test/mail-server.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

const NEW_PASSWORD = 'umbrellas dance in the fountain';

let mail: MailServer;
let t: TestApp;
let account: AccountWithAdmin;
beforeAll(async () => {
  mail = await startMailServer();
  t = await startTestApp({ SMTP_URL: mail.url, MAIL_FROM: 'Food bank <help@foodbank.example>', PUBLIC_URL: 'http://help.foodbank.example' });
  account = await makeAccount(t, 'Food bank');
});
afterAll(async () => {
  await t.close();
  await mail.close();
});

let addresses = 0;
const ask = (email: string, address = `198.51.100.${++addresses}`) => call(t, null, 'POST', '/auth/password', { email }, { 'x-forwarded-for': address });
const set = (token: string | null, password: string) => call(t, null, 'PUT', '/auth/password', { reset_password_token: token, password });

describe('an invitation', () => {
  test('goes by mail and not to the administrator, in the language of the account', async () => {
    await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}`, { locale: 'de' });
    const email = `nora-${unique()}@example.org`;
    const invited = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/agents`, { name: 'Nora <b>Núñez</b>', email, role: 'agent' });
    expect([invited.status, invited.body.invitation_url]).toEqual([200, undefined]);
    const received = await mail.mailTo(email);
    expect(received.from).toBe('help@foodbank.example');
    expect(received.raw).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(received.raw).toMatch(/^Subject: Einladung zu Food bank\r?$/m);
    expect(received.text).toContain('Hallo Nora <b>Núñez</b>,');
    expect(received.text).toContain('Nora &lt;b&gt;Núñez&lt;/b&gt;');
    const link = linkIn(received);
    expect(link.origin + link.pathname).toBe('http://help.foodbank.example/app/invitation');
    const accepted = await call(t, null, 'POST', '/auth/invitation', { invitation_token: link.searchParams.get('token'), password: PASSWORD });
    expect([accepted.status, accepted.body.data.confirmed]).toEqual([200, true]);
    await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}`, { locale: 'en' });
  });

  test('is sent again on request, and survives a mail server that refuses at first', async () => {
    const email = `later-${unique()}@example.org`;
    mail.refuse(1);
    const invited = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/agents`, { name: 'Later', email, role: 'agent' });
    const first = linkIn(await mail.mailTo(email)).href;
    mail.mails.length = 0;
    const again = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/agents/${invited.body.id}/reset_password`);
    expect([again.status, again.body]).toEqual([200, {}]);
    const second = linkIn(await mail.mailTo(email));
    expect(second.pathname).toBe('/app/invitation');
    expect(second.href).not.toBe(first);
  });
});

describe('somebody of another account', () => {
  const invite = (to: AccountWithAdmin, name: string, email: string) => call(t, to.admin, 'POST', `/api/v1/accounts/${to.id}/agents`, { name, email, role: 'agent' });
  const agentsOf = (of: AccountWithAdmin, who: Parameters<typeof call>[1]) => call(t, who, 'GET', `/api/v1/accounts/${of.id}/agents`);
  const tokenTo = async (email: string) => {
    const token = linkIn(await mail.mailTo(email)).searchParams.get('token');
    mail.mails.length = 0;
    return token;
  };

  test('is a member only after the mailed link; whoever held them before, by a changed address, is out', async () => {
    const other = await makeAccount(t, 'Night shelter');
    const held = await makeMember(t, other.id);
    await givePassword(t, held);
    const email = `head-${unique()}@example.org`;
    expect((await call(t, held, 'PUT', '/api/v1/profile', { email, name: 'A secret name', current_password: PASSWORD })).status).toBe(200);
    const invited = await invite(account, 'The head', email);
    expect(invited.body).toMatchObject({ id: held.id, name: 'The head', available_name: 'The head', email, confirmed: false, mfa_enabled: false, thumbnail: '' });
    expect([(await invite(account, 'Again', email)).status, (await agentsOf(account, held)).status, (await agentsOf(other, held)).status]).toEqual([422, 401, 200]);
    expect((await agentsOf(account, account.admin)).body).toContainEqual(expect.objectContaining({ id: held.id, name: 'The head', confirmed: false }));
    const path = `/api/v1/accounts/${account.id}/agents/${held.id}`;
    expect((await call(t, account.admin, 'PATCH', path, { role: 'agent', auto_offline: false })).body).toMatchObject({ name: 'The head', auto_offline: false });
    const token = await tokenTo(email);
    expect((await call(t, null, 'GET', `/auth/invitation?token=${token}`)).body).toMatchObject({ account_name: account.name, has_password: false });
    const accepted = await call(t, null, 'POST', '/auth/invitation', { invitation_token: token, password: NEW_PASSWORD, session: 'cookie' });
    const head = { headers: { cookie: accepted.headers.get('set-cookie')!.split(';')[0]!, 'x-requested-with': 'porchlight' } } as never;
    expect([accepted.status, (await agentsOf(account, head)).status, (await agentsOf(account, held)).status, (await agentsOf(other, held)).status]).toEqual([200, 200, 401, 401]);
    expect((await call(t, null, 'POST', '/auth/sign_in', { email, password: PASSWORD })).status).toBe(401);

    // The address is proved now: the next account gets them with the password they have, and no other.
    const third = await makeAccount(t, 'Soup kitchen');
    await invite(third, 'Head again', email);
    const received = await mail.mailTo(email);
    expect(received.text).toContain('You keep the password you have.');
    const next = await tokenTo(email);
    expect((await call(t, null, 'GET', `/auth/invitation?token=${next}`)).body.has_password).toBe(true);
    const wrong = await call(t, null, 'POST', '/auth/invitation', { invitation_token: next, password: PASSWORD });
    expect([wrong.status, wrong.body.attributes, (await agentsOf(third, head)).status]).toEqual([422, ['password'], 401]);
    expect((await call(t, null, 'POST', '/auth/invitation', { invitation_token: next, password: NEW_PASSWORD })).status).toBe(200);
    expect((await agentsOf(third, head)).status).toBe(200);
  });

  test('whom their only account lets go while another asks for them keeps no proof; a withdrawn invitation opens nothing', async () => {
    const other = await makeAccount(t);
    const held = await makeMember(t, other.id);
    await invite(account, 'Asked', held.email);
    const token = await tokenTo(held.email);
    expect((await call(t, other.admin, 'DELETE', `/api/v1/accounts/${other.id}/agents/${held.id}`)).status).toBe(200);
    expect((await call(t, held, 'GET', '/api/v1/profile')).status).toBe(401);
    expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/agents/${held.id}`)).status).toBe(200);
    expect((await call(t, null, 'POST', '/auth/invitation', { invitation_token: token, password: PASSWORD })).body.attributes).toEqual(['invitation_token']);
  });

  test('a link mailed to an address the person has given up since proves nothing', async () => {
    const person = await makeMember(t, account.id);
    await givePassword(t, person);
    await ask(person.email);
    const token = await tokenTo(person.email);
    await call(t, person, 'PUT', '/api/v1/profile', { email: `new-${unique()}@example.org`, current_password: PASSWORD });
    expect((await set(token, NEW_PASSWORD)).status).toBe(422);
  });
});

describe('a forgotten password', () => {
  test('is replaced through the mailed link, in the person\'s language, and ends all sessions', async () => {
    const person = await makeMember(t, account.id);
    await givePassword(t, person);
    const browser = await signIn(t, person);
    await call(t, browser, 'PUT', '/api/v1/profile', { locale: 'fr' });
    const answer = await ask(person.email.toUpperCase());
    expect(answer.status).toBe(200);
    const received = await mail.mailTo(person.email);
    expect(received.text).toContain(`Quelqu’un a demandé un nouveau mot de passe pour ${person.email}`);
    const token = linkIn(received).searchParams.get('token');
    expect((await set(token, NEW_PASSWORD)).status).toBe(200);
    expect((await set(token, NEW_PASSWORD)).status).toBe(422);
    expect((await call(t, browser, 'GET', '/api/v1/profile')).status).toBe(401);
    expect((await call(t, null, 'POST', '/auth/sign_in', { email: person.email, password: NEW_PASSWORD })).status).toBe(200);
  });

  test('gets the same answer whoever asks for whom, in the same time', async () => {
    const timed = async (email: string) => {
      const start = performance.now();
      const answer = await ask(email);
      return { answer, ms: performance.now() - start };
    };
    const [known, unknown] = [await timed(account.admin.email), await timed(`nobody-${unique()}@example.org`)];
    expect(unknown.answer.status).toBe(200);
    expect(unknown.answer.body).toEqual(known.answer.body);
    expect(Math.min(known.ms, unknown.ms)).toBeGreaterThan(140);
  });

  test('may be asked for five times in an hour; then the answer stays and no mail comes', async () => {
    const person = await makeMember(t, account.id);
    await givePassword(t, person);
    for (let n = 0; n < 7; n++) expect((await ask(person.email)).status).toBe(200);
    const { rows } = await t.database.asOwner((client) =>
      client.query(`SELECT count(*)::int AS n FROM events WHERE type = 'user.password_reset_requested' AND (payload->>'user_id')::bigint = $1`, [person.id]));
    expect(rows[0].n).toBe(5);
  });

  test('may be asked for five times in half an hour from one address', async () => {
    for (let n = 0; n < 5; n++) expect((await ask(`nobody-${unique()}@example.org`, '192.0.2.7')).status).toBe(200);
    const refused = await ask(`nobody-${unique()}@example.org`, '192.0.2.7');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1700);
  });

  test.each([[{}, 'email'], [{ email: {} }, 'email'], [{ email: 'x'.repeat(300) }, 'email']])('bad input %# is refused', async (body, attribute) => {
    const answer = await call(t, null, 'POST', '/auth/password', body, { 'x-forwarded-for': '192.0.2.99' });
    expect([answer.status, answer.body.attributes]).toEqual([422, [attribute]]);
  });

  test('a link works for two hours', async () => {
    const person = await makeMember(t, account.id);
    await givePassword(t, person);
    await ask(person.email);
    const token = linkIn(await mail.mailTo(person.email)).searchParams.get('token');
    t.clock.advance(2 * 3_600_000 + 1000);
    expect((await set(token, NEW_PASSWORD)).body.attributes).toEqual(['reset_password_token']);
  });
});

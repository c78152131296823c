import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateSync } from 'otplib';
import { givePassword, makeAccount, makeMember, PASSWORD, signIn, type Person } from '../../../test/factories.js';
import { call, type Answer } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let accountId: number;
beforeAll(async () => {
  t = await startTestApp();
  accountId = (await makeAccount(t)).id;
});
afterAll(() => t.close());

const STEP = 30_000;
/** The code an authenticator app shows, so many steps from now. */
const codeOf = (secret: string, steps = 0): string => generateSync({ secret, epoch: Math.floor((t.clock.now() + steps * STEP) / 1000) });
/** Moves the clock to where a step begins, so many whole ones further: what is asked next does not fall into the one after. */
const freshStep = (steps = 0): void => t.clock.advance((steps + 1) * STEP - (t.clock.now() % STEP));
const wrongCode = (secret: string): string => String((Number(codeOf(secret)) + 1) % 1_000_000).padStart(6, '0');

/** Somebody with a password and MFA on; the clock stands in a fresh step afterwards. */
async function enrolled(role: 'agent' | 'administrator' = 'agent'): Promise<Person & { secret: string; codes: string[] }> {
  const person = await makeMember(t, accountId, role);
  await givePassword(t, person);
  const browser = await signIn(t, person);
  const { body: { secret } } = await call(t, browser, 'POST', '/api/v1/profile/mfa');
  const verified = await call(t, browser, 'POST', '/api/v1/profile/mfa/verify', { otp_code: codeOf(secret) });
  expect(verified.status).toBe(200);
  freshStep(1);
  return { ...browser, secret, codes: verified.body.backup_codes };
}

let addresses = 0;
const post = (body: object): Promise<Answer> => call(t, null, 'POST', '/auth/sign_in', body, { 'x-forwarded-for': `203.0.113.${++addresses % 250}` });
async function halfSignedIn(person: Person): Promise<string> {
  const first = await post({ email: person.email, password: PASSWORD });
  expect([first.status, first.body.mfa_required]).toEqual([206, true]);
  expect(first.headers.get('access-token')).toBeNull();
  expect(first.headers.get('set-cookie')).toBeNull();
  return first.body.mfa_token as string;
}

describe('setting up', () => {
  test('shows a secret, turns on with its code, and shows ten recovery codes once', async () => {
    const person = await signIn(t, await makeMember(t, accountId));
    await givePassword(t, person);
    expect((await call(t, person, 'GET', '/api/v1/profile/mfa')).body).toEqual({ enabled: false, backup_codes_left: 0 });
    const start = await call(t, person, 'POST', '/api/v1/profile/mfa');
    expect(start.body.provisioning_url).toBe(`otpauth://totp/Porchlight:${encodeURIComponent(person.email)}?secret=${start.body.secret}&issuer=Porchlight`);
    expect(start.body.qr_svg).toMatch(/^<svg /);
    const refused = await call(t, person, 'POST', '/api/v1/profile/mfa/verify', { otp_code: wrongCode(start.body.secret) });
    expect([refused.status, refused.body.attributes]).toEqual([422, ['otp_code']]);
    const verified = await call(t, person, 'POST', '/api/v1/profile/mfa/verify', { otp_code: codeOf(start.body.secret) });
    expect(verified.body.enabled).toBe(true);
    expect(new Set(verified.body.backup_codes).size).toBe(10);
    expect(verified.body.backup_codes[0]).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    expect((await call(t, person, 'GET', '/api/v1/profile/mfa')).body).toEqual({ enabled: true, backup_codes_left: 10 });
    expect((await call(t, person, 'GET', '/api/v1/profile')).body.mfa_enabled).toBe(true);
    const { rows } = await t.database.asOwner((client) => client.query('SELECT * FROM user_credentials c JOIN recovery_codes r USING (user_id) WHERE user_id = $1', [person.id]));
    expect(JSON.stringify(rows)).not.toContain(start.body.secret);
    expect(JSON.stringify(rows)).not.toContain(verified.body.backup_codes[0]);
  });

  test('a stolen session cannot replace a second factor that is on', async () => {
    const person = await enrolled();
    expect((await call(t, person, 'POST', '/api/v1/profile/mfa')).status).toBe(422);
    expect((await call(t, person, 'POST', '/api/v1/profile/mfa/verify', { otp_code: codeOf(person.secret) })).status).toBe(422);
  });

  test('without a secret shown first there is nothing to verify', async () => {
    const person = await signIn(t, await makeMember(t, accountId));
    await givePassword(t, person);
    expect((await call(t, person, 'POST', '/api/v1/profile/mfa/verify', { otp_code: '123456' })).status).toBe(422);
    expect((await call(t, person, 'POST', '/api/v1/profile/mfa/verify', {})).body.attributes).toEqual(['otp_code']);
  });

  test('turning off wants the password and a code', async () => {
    const person = await enrolled();
    const off = (body: object) => call(t, person, 'DELETE', '/api/v1/profile/mfa', body);
    expect((await off({ password: PASSWORD })).body.attributes).toEqual(['otp_code']);
    expect((await off({ password: 'not this one', otp_code: codeOf(person.secret) })).status).toBe(422);
    expect((await off({ password: PASSWORD, otp_code: wrongCode(person.secret) })).status).toBe(422);
    expect((await off({ password: PASSWORD, otp_code: codeOf(person.secret) })).body).toEqual({ enabled: false, backup_codes_left: 0 });
    expect((await post({ email: person.email, password: PASSWORD })).status).toBe(200);
  });

  test('new recovery codes end the old ones', async () => {
    const person = await enrolled();
    const renewed = await call(t, person, 'POST', '/api/v1/profile/mfa/backup_codes', { otp_code: codeOf(person.secret) });
    expect(renewed.body.backup_codes).toHaveLength(10);
    const mfa_token = await halfSignedIn(person);
    expect((await post({ mfa_token, backup_code: person.codes[0] })).status).toBe(401);
    expect((await post({ mfa_token, backup_code: renewed.body.backup_codes[0] })).status).toBe(200);
  });

  test('a secret copied into another row does not open', async () => {
    const [a, b] = [await enrolled(), await enrolled()];
    await t.database.asOwner((client) => client.query('UPDATE user_credentials SET mfa_secret = (SELECT mfa_secret FROM user_credentials WHERE user_id = $1) WHERE user_id = $2', [a.id, b.id]));
    expect((await post({ mfa_token: await halfSignedIn(b), otp_code: codeOf(a.secret) })).status).toBe(500);
  });
});

describe('signing in', () => {
  test('asks for the code and takes the one of this step, the last and the next', async () => {
    const person = await enrolled();
    for (const steps of [-1, 0, 1]) {
      const mfa_token = await halfSignedIn(person);
      freshStep();
      const answer = await post({ mfa_token, otp_code: codeOf(person.secret, steps) });
      expect([answer.status, answer.body.data?.id]).toEqual([200, person.id]);
      expect(answer.headers.get('access-token')).toBeTruthy();
    }
    t.clock.advance(10 * STEP);
    for (const steps of [-2, 2]) {
      const mfa_token = await halfSignedIn(person);
      freshStep();
      expect((await post({ mfa_token, otp_code: codeOf(person.secret, steps) })).status).toBe(401);
    }
  });

  test('sets the cookie only after the code', async () => {
    const person = await enrolled();
    const mfa_token = await halfSignedIn(person);
    const answer = await post({ mfa_token, otp_code: codeOf(person.secret), session: 'cookie' });
    expect(answer.headers.get('set-cookie')).toMatch(/^porchlight_session=/);
  });

  test('a code works once, also an older one is over then', async () => {
    const person = await enrolled();
    const code = codeOf(person.secret);
    expect((await post({ mfa_token: await halfSignedIn(person), otp_code: code })).status).toBe(200);
    const replayed = await post({ mfa_token: await halfSignedIn(person), otp_code: code });
    expect([replayed.status, replayed.body.success]).toEqual([401, false]);
    expect((await post({ mfa_token: await halfSignedIn(person), otp_code: codeOf(person.secret, -1) })).status).toBe(401);
  });

  test('twenty times the same code at once lets one in', async () => {
    const person = await enrolled();
    const tokens = await Promise.all([1, 2, 3, 4].map(() => halfSignedIn(person)));
    const otp_code = codeOf(person.secret);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post({ mfa_token: tokens[n % 4], otp_code })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status !== 200).every((answer) => [401, 429].includes(answer.status))).toBe(true);
  });

  test('a recovery code works once, however it is typed', async () => {
    const person = await enrolled();
    const typed = person.codes[0]!.toUpperCase().replaceAll('-', ' ');
    expect((await post({ mfa_token: await halfSignedIn(person), backup_code: typed })).status).toBe(200);
    expect((await post({ mfa_token: await halfSignedIn(person), backup_code: person.codes[0] })).status).toBe(401);
    expect((await call(t, person, 'GET', '/api/v1/profile/mfa')).body.backup_codes_left).toBe(9);
  });

  test('a half sign-in works once and for five minutes', async () => {
    const person = await enrolled();
    const used = await halfSignedIn(person);
    expect((await post({ mfa_token: used, otp_code: codeOf(person.secret) })).status).toBe(200);
    t.clock.advance(2 * STEP);
    expect((await post({ mfa_token: used, otp_code: codeOf(person.secret) })).status).toBe(401);
    const late = await halfSignedIn(person);
    t.clock.advance(5 * 60_000 + 1000);
    expect((await post({ mfa_token: late, otp_code: codeOf(person.secret) })).status).toBe(401);
    expect((await post({ mfa_token: 'made up', otp_code: codeOf(person.secret) })).status).toBe(401);
  });

  test('five wrong codes stop a person, over all half sign-ins', async () => {
    const [person, other] = [await enrolled(), await enrolled()];
    for (let n = 0; n < 5; n++) expect((await post({ mfa_token: await halfSignedIn(person), otp_code: wrongCode(person.secret) })).status).toBe(401);
    const stopped = await post({ mfa_token: await halfSignedIn(person), otp_code: codeOf(person.secret) });
    expect(stopped.status).toBe(429);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post({ mfa_token: await halfSignedIn(other), otp_code: codeOf(other.secret) })).status).toBe(200);
    t.clock.advance(15 * 60_000 + 1000);
    expect((await post({ mfa_token: await halfSignedIn(person), otp_code: codeOf(person.secret) })).status).toBe(200);
  });

  test.each(['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '０１２３４５'])('"%s" is not a code', async (otp_code) => {
    const person = await enrolled();
    const answer = await post({ mfa_token: await halfSignedIn(person), otp_code });
    expect([401, 422]).toContain(answer.status);
  });
});

describe('administrators without a second factor', () => {
  test('may only set one up, by browser and by token', async () => {
    const person = await makeMember(t, accountId, 'administrator');
    await givePassword(t, person);
    const browser = await signIn(t, person);
    for (const who of [browser, person]) {
      for (const path of [`/api/v1/accounts/${accountId}/agents`, `/api/v1/accounts/${accountId}`]) {
        const refused = await call(t, who, 'GET', path);
        expect([refused.status, refused.body.error_code]).toEqual([403, 'mfa_setup_required']);
      }
      expect((await call(t, who, 'POST', '/api/v1/profile/reset_access_token')).status).toBe(403);
      const profile = await call(t, who, 'GET', '/api/v1/profile');
      expect([profile.status, profile.body.mfa_setup_required]).toEqual([200, true]);
      expect((await call(t, who, 'GET', '/api/v1/profile/sessions')).status).toBe(200);
    }
    const { body: { secret } } = await call(t, browser, 'POST', '/api/v1/profile/mfa');
    await call(t, browser, 'POST', '/api/v1/profile/mfa/verify', { otp_code: codeOf(secret) });
    for (const who of [browser, person]) expect((await call(t, who, 'GET', `/api/v1/accounts/${accountId}/agents`)).status).toBe(200);
  });

  test('also where they are only an agent', async () => {
    const other = await makeAccount(t);
    const person = await makeMember(t, accountId, 'administrator');
    await makeMember(t, other.id, 'agent', person);
    await givePassword(t, person);
    expect((await call(t, person, 'GET', `/api/v1/accounts/${other.id}/agents`)).status).toBe(403);
  });
});

test('nobody sets up MFA for nobody', async () => {
  for (const [method, path] of [['GET', ''], ['POST', ''], ['POST', '/verify'], ['DELETE', ''], ['POST', '/backup_codes']] as const) {
    expect((await call(t, null, method, `/api/v1/profile/mfa${path}`)).status).toBe(401);
  }
});

describe('proving once more', () => {
  const MINUTES = 60_000;
  const tokens = `/api/v1/profile/reset_access_token`;
  const prove = (who: Person, body: object) => call(t, who, 'POST', '/api/v1/profile/proof', body);
  const asked = { status: 403, body: { error: expect.any(String) as unknown, error_code: 'proof_required' } };

  test('is asked of an old session only, and both factors together do it, for five minutes', async () => {
    const person = await enrolled();
    expect((await call(t, person, 'POST', tokens)).status).toBe(200);
    t.clock.advance(4.5 * MINUTES);
    expect(await call(t, person, 'POST', tokens)).toMatchObject(asked);
    expect(await call(t, person, 'PUT', '/api/v1/profile', { profile: { current_password: PASSWORD, password: 'umbrellas dance in the fountain' } })).toMatchObject(asked);
    for (const [body, field] of [[{ password: 'wrong one' }, 'password'], [{}, 'password'], [{ password: PASSWORD }, 'otp_code'], [{ password: PASSWORD, otp_code: wrongCode(person.secret) }, 'otp_code']] as const) {
      const answer = await prove(person, body);
      expect([answer.status, answer.body.attributes]).toEqual([422, [field]]);
    }
    expect(await call(t, person, 'POST', tokens)).toMatchObject(asked);
    expect((await prove(person, { password: PASSWORD, otp_code: codeOf(person.secret) })).status).toBe(204);
    expect((await call(t, person, 'POST', tokens)).status).toBe(200);
    t.clock.advance(5 * MINUTES);
    expect(await call(t, person, 'POST', tokens)).toMatchObject(asked);
    expect((await prove(person, { password: PASSWORD, backup_code: person.codes[0]! })).status).toBe(204);
    expect((await call(t, person, 'POST', tokens)).status).toBe(200);
    expect((await call(t, person, 'PUT', '/api/v1/profile', { profile: { name: 'Not sensitive' } })).status).toBe(200);
  });

  test('a proof belongs to one session, and guessing is stopped', async () => {
    const person = await enrolled();
    const other = { ...await signIn(t, person) };
    t.clock.advance(6 * MINUTES);
    expect((await prove(other, { password: PASSWORD, otp_code: codeOf(person.secret) })).status).toBe(204);
    expect(await call(t, person, 'POST', tokens)).toMatchObject(asked);
    for (let n = 0; n < 5; n++) expect((await prove(person, { password: 'wrong one' })).status).toBe(422);
    const stopped = await prove(person, { password: PASSWORD, otp_code: codeOf(person.secret, 1) });
    expect([stopped.status, Number(stopped.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  test('is asked for what cannot be taken back or opens more doors, of administrators in the dashboard; programs and phones never are', async () => {
    const admin = await enrolled('administrator');
    const program = await makeMember(t, accountId, 'administrator');
    const phone = await post({ mfa_token: await halfSignedIn(admin), otp_code: codeOf(admin.secret) });
    const phoneHeaders = Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, phone.headers.get(name)!]));
    t.clock.advance(6 * MINUTES);
    const account = `/api/v1/accounts/${accountId}`;
    const agent = await makeMember(t, accountId);
    const sensitive: [string, string, object?][] = [
      ['DELETE', `${account}/inboxes/999999`], ['POST', `${account}/inboxes/999999/reset_secret`], ['DELETE', `${account}/agents/999999`], ['POST', `${account}/agents/999999/reset_password`],
      ['PATCH', `${account}/agents/${agent.id}`, { role: 'administrator' }], ['POST', `${account}/agents`, { name: 'New', email: 'new-admin@example.org', role: 'administrator' }],
      ['DELETE', `${account}/contacts/999999`], ['POST', `${account}/bulk_actions`, { type: 'Contact', ids: [999999], action_name: 'delete' }], ['POST', `${account}/contacts/export`, {}], ['GET', `${account}/audit_logs/download`], ['POST', `${account}/agent_bots`, { name: 'Bot' }],
      ['POST', `${account}/webhooks`, { url: 'https://hooks.example/proof' }], ['POST', `${account}/webhooks/999999/reset_secret`], ['DELETE', `${account}/portals/nowhere`], ['POST', `${account}/scoped_tokens`, { name: 'Part', scopes: ['contacts:read'] }],
      ['POST', '/api/v1/profile/mfa'],
    ];
    for (const [method, path, body] of sensitive) {
      expect([method, path, await call(t, admin, method, path, body)]).toEqual([method, path, expect.objectContaining(asked)]);
      for (const who of [program, { ...admin, headers: phoneHeaders }]) expect([path, (await call(t, who, method, path, body)).status]).not.toEqual([path, 403]);
    }
    expect((await call(t, admin, 'PATCH', `${account}/agents/${agent.id}`, { availability: 'busy' })).status).toBe(200);
    expect((await prove(program, { password: PASSWORD })).status).toBe(422);
  });
});

import { randomBytes } from 'node:crypto';
import { hashPassword } from '../src/identity/passwords/password-hash.js';
import { Sessions } from '../src/identity/sessions/sessions.service.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { randomToken, tokenHash } from '../src/platform/crypto/keyring.js';
import { SystemWork } from '../src/platform/database/unit-of-work.js';
import type { TestApp } from './test-app.js';

let counter = 0;
/** A number no other call of this test run got. */
export const unique = (): string => `${++counter}${randomBytes(3).toString('hex')}`;

export interface Person { id: number; email: string; name: string; token: string; headers: Record<string, string> }
export interface AccountWithAdmin { id: number; name: string; admin: Person }

/** A person with an API token, without an account. */
export async function makePerson(t: TestApp, overrides: Partial<{ name: string; email: string }> = {}): Promise<Person> {
  const name = overrides.name ?? `Person ${unique()}`;
  const email = overrides.email ?? `person-${unique()}@example.org`;
  const token = randomToken(24, 'plt_');
  const system = t.app.get(SystemWork);
  const id = await system.run(async (tx) => {
    const user = await tx.one<{ id: number }>('INSERT INTO users (name, email, confirmed_at, mfa_enabled_at) VALUES ($1, $2, now(), now()) RETURNING id', [name, email]);
    await tx.sql('INSERT INTO user_credentials (user_id) VALUES ($1)', [user!.id]);
    await tx.sql(`INSERT INTO api_tokens (owner_type, owner_id, token_hash, name) VALUES ('User', $1, $2, 'test')`, [user!.id, tokenHash(token)]);
    return user!.id;
  });
  return { id, email, name, token, headers: { api_access_token: token } };
}

/** Puts a person into an account. */
export async function makeMember(t: TestApp, accountId: number, role: 'agent' | 'administrator' = 'agent', person?: Person): Promise<Person> {
  const who = person ?? await makePerson(t);
  await t.app.get(SystemWork).sql('INSERT INTO account_users (account_id, user_id, role) VALUES ($1, $2, $3)', [accountId, who.id, role === 'administrator' ? 1 : 0]);
  return who;
}

/** An account with one administrator. */
export async function makeAccount(t: TestApp, name = `Account ${unique()}`): Promise<AccountWithAdmin> {
  const [row] = await t.app.get(SystemWork).sql<{ id: number }>('INSERT INTO accounts (name) VALUES ($1) RETURNING id', [name]);
  return { id: row!.id, name, admin: await makeMember(t, row!.id, 'administrator') };
}

/** A browser session of this person, without going through the sign-in page. The headers are what our own pages send. */
export async function signIn(t: TestApp, person: Person): Promise<Person & { sessionId: number; cookie: string }> {
  const session = await t.app.get(Sessions).open(person.id, 'cookie', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0', ipAddress: '127.0.0.1' });
  const isHostBound = t.app.get<Config>(CONFIG).PUBLIC_URL?.startsWith('https:');
  const cookie = `${isHostBound ? '__Host-' : ''}porchlight_session=${session.secret}`;
  return { ...person, sessionId: session.id, cookie, headers: { cookie, 'x-requested-with': 'porchlight' } };
}

// Comparing with a digest of the product takes a quarter of a second by design; with these it takes none.
const LOWEST_COST = 4;
const digests = new Map<string, Promise<string>>();

export const PASSWORD = 'lantern over the quiet harbour';

/** Gives a person a password to sign in with, and takes the second factor away that the other factories only claim. */
export async function givePassword(t: TestApp, person: Person, password = PASSWORD): Promise<void> {
  const system = t.app.get(SystemWork);
  if (!digests.has(password)) digests.set(password, hashPassword(password, LOWEST_COST));
  await system.sql('UPDATE user_credentials SET password_digest = $2 WHERE user_id = $1', [person.id, await digests.get(password)]);
  await system.sql('UPDATE users SET mfa_enabled_at = NULL WHERE id = $1', [person.id]);
}

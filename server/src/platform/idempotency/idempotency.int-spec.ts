import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeConversation } from '../../../test/factories-conversations.js';
import { makeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, unique, type AccountWithAdmin } from '../../../test/factories.js';
import { call, type Answer } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let key: string;
beforeAll(async () => { t = await startTestApp(); account = await makeAccount(t); });
beforeEach(() => { key = `key-${unique()}`; });
afterAll(() => t.close());

const label = (title: string, of = account, who = of.admin): Promise<Answer> => call(t, who, 'POST', `/api/v1/accounts/${of.id}/labels`, { title }, { 'idempotency-key': key });
const count = async (title: string): Promise<number> => (await t.database.asOwner((client) => client.query('SELECT FROM labels WHERE title = $1', [title]))).rowCount!;

test('five at once with one key are one effect and one answer', async () => {
  const title = `five-${unique()}`;
  const answers = await Promise.all(Array.from({ length: 5 }, () => label(title)));
  expect(new Set(answers.map((a) => `${a.status} ${JSON.stringify(a.body)}`)).size).toBe(1);
  expect(answers[0]!.body).toMatchObject({ title });
  expect(answers.filter((a) => a.headers.get('idempotent-replayed') === 'true')).toHaveLength(4);
  expect(await count(title)).toBe(1);
});

test('a message with a file is stored once, however the fields are ordered', async () => {
  const conversation = await makeConversation(t, account, await makeInbox(t, account));
  const form = (turned: boolean): FormData => {
    const data = new FormData();
    const parts: [string, string | Blob][] = [['content', 'see this'], ['private', 'true'], ['attachments[]', new Blob(['a note'], { type: 'text/plain' })]];
    for (const [name, value] of turned ? parts.reverse() : parts) data.append(name, value);
    return data;
  };
  const [first, again] = [await call(t, account.admin, 'POST', `${conversation.url}/messages`, form(false), { 'idempotency-key': key }),
    await call(t, account.admin, 'POST', `${conversation.url}/messages`, form(true), { 'idempotency-key': key })];
  expect([first.status, again.status, again.body]).toEqual([200, 200, first.body]);
  const { rows } = await t.database.asOwner((client) => client.query('SELECT (SELECT count(*)::int FROM messages WHERE conversation_id = $1 AND private) AS messages, (SELECT count(*)::int FROM attachments WHERE conversation_id = $1) AS files', [conversation.conversationId]));
  expect(rows).toEqual([{ messages: 1, files: 1 }]);
});

test('another file of the same name, type and length is another request', async () => {
  const conversation = await makeConversation(t, account, await makeInbox(t, account));
  const send = (bytes: string): Promise<Answer> => {
    const data = new FormData();
    data.append('attachments[]', new Blob([bytes], { type: 'text/plain' }), 'note.txt');
    return call(t, account.admin, 'POST', `${conversation.url}/messages`, data, { 'idempotency-key': key });
  };
  expect([(await send('yes')).status, (await send('noo')).status, (await send('yes')).status]).toEqual([200, 422, 200]);
});

test('another body with the same key is refused', async () => {
  const title = `first-${unique()}`;
  await label(title);
  const other = await label(`other-${title}`);
  expect([other.status, other.body]).toEqual([422, { error: 'This Idempotency-Key was used for another request.' }]);
  expect(await count(`other-${title}`)).toBe(0);
});

test('another account, and another person, have keys of their own', async () => {
  const title = `same-${unique()}`;
  const other = await makeAccount(t);
  const [mine, theirs] = [await label(title), await label(title, other)];
  expect([mine.status, theirs.status]).toEqual([200, 200]);
  expect(theirs.body.id).not.toBe(mine.body.id);
});

test('a refused request keeps nothing: the key may be used again', async () => {
  const title = `once-${unique()}`;
  expect((await label('not a title!')).status).toBe(422);
  expect((await label(title)).body).toMatchObject({ title });
});

test('when the answer cannot be kept, nothing was done', async () => {
  const title = `torn-${unique()}`;
  await t.database.asOwner((client) => client.query(`
    CREATE FUNCTION break_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'torn'; END $$;
    CREATE TRIGGER break_keep BEFORE UPDATE ON idempotency_keys FOR EACH ROW WHEN (new.status IS NOT NULL) EXECUTE FUNCTION break_keep()`));
  expect((await label(title)).status).toBe(500);
  expect(await count(title)).toBe(0);
  await t.database.asOwner((client) => client.query('DROP TRIGGER break_keep ON idempotency_keys'));
  expect((await label(title)).status).toBe(200);
});

test('answers are kept sealed, for a day', async () => {
  const title = `day-${unique()}`;
  const first = await label(title);
  const { rows } = await t.database.asOwner((client) => client.query('SELECT answer FROM idempotency_keys WHERE key = $1', [key]));
  expect(rows[0].answer).not.toContain(title);
  t.clock.advance(23 * 3_600_000);
  expect((await label(title)).body).toEqual(first.body);
  t.clock.advance(2 * 3_600_000);
  // Forgotten: the request is new, and its title is taken.
  expect((await label(title)).status).toBe(422);
});

test('a key that is none is refused', async () => {
  key = 'x'.repeat(300);
  expect((await label('x')).status).toBe(422);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { makeAccount, makeMember, type AccountWithAdmin } from '../../test/factories.js';
import { makeContact } from '../../test/factories-contacts.js';
import { makeAgentIn, makeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { PictureServer } from '../../test/picture-server.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let path: string;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  path = `/api/v1/accounts/${account.id}/contacts`;
});
afterAll(() => t.close());

const names = (answer: { body: { payload: { name: string }[] } }): string[] => answer.body.payload.map((c) => c.name);

describe('contacts', () => {
  test('are created, with an identity on an inbox when one is named', async () => {
    const inbox = await makeInbox(t, account);
    const made = await call(t, account.admin, 'POST', path, { inbox_id: inbox.id, name: 'Ana', email: 'Ana@Example.org', phone_number: '+15551234567', custom_attributes: { plan: 'x' } });
    expect(made.status).toBe(200);
    expect(made.body.payload.contact).toMatchObject({
      name: 'Ana', email: 'ana@example.org', phone_number: '+15551234567', identifier: null, blocked: false, custom_attributes: { plan: 'x' }, additional_attributes: {}, availability_status: 'offline',
      contact_inboxes: [{ source_id: made.body.payload.contact_inbox.source_id, inbox: { id: inbox.id, channel_type: 'Channel::TestChat' } }],
    });
    const bare = await call(t, account.admin, 'POST', path, { name: 'Nobody' });
    expect(bare.body.payload.contact_inbox).toEqual({ inbox: null, source_id: null });
    expect((await call(t, account.admin, 'GET', `${path}/${made.body.payload.contact.id}`)).body.payload).toEqual(made.body.payload.contact);
  });

  test('are found by their address on an inbox, by those who see the inbox', async () => {
    const [inbox, outsider] = [await makeInbox(t, account), await makeMember(t, account.id)];
    const made = await makeContact(t, account, { inbox_id: inbox.id });
    const find = (who: Parameters<typeof call>[1], body: object) => call(t, who, 'POST', `/api/v1/accounts/${account.id}/contact_inboxes/filter`, body);
    const found = await find(await makeAgentIn(t, account, inbox), { inbox_id: inbox.id, source_id: made.source_id });
    expect([found.status, found.body]).toMatchObject([200, { id: made.id, contact_inboxes: [{ source_id: made.source_id, inbox: { id: inbox.id } }] }]);
    expect((await find(outsider, { inbox_id: inbox.id, source_id: made.source_id })).status).toBe(404);
    expect((await find(account.admin, { inbox_id: inbox.id, source_id: 'nobody' })).status).toBe(404);
    expect((await find(account.admin, { inbox_id: inbox.id })).body.attributes).toEqual(['source_id']);
  });

  test('merge attributes and clear what is set to null', async () => {
    const contact = await makeContact(t, account, { custom_attributes: { a: 1, b: 2 }, identifier: 'id-1' });
    const changed = await call(t, account.admin, 'PUT', `${path}/${contact.id}`, { contact: { custom_attributes: { b: 3 }, identifier: null, blocked: 'true' } });
    expect(changed.body.payload).toMatchObject({ custom_attributes: { a: 1, b: 3 }, identifier: null, blocked: true, email: contact.email });
  });

  test('have unique addresses', async () => {
    const first = await makeContact(t, account, { identifier: 'same', phone_number: '+15550001111' });
    for (const [field, value] of [['email', first.email!.toUpperCase()], ['identifier', 'same'], ['phone_number', '+15550001111']]) {
      const refused = await call(t, account.admin, 'POST', path, { name: 'x', [field!]: value });
      expect([refused.status, refused.body.attributes]).toEqual([422, [field]]);
    }
    const second = await makeContact(t, account);
    expect((await call(t, account.admin, 'PATCH', `${path}/${second.id}`, { email: first.email })).body).toEqual({ message: 'Email has already been taken', attributes: ['email'] });
    const stranger = await makeAccount(t);
    expect((await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/contacts`, { email: first.email })).status).toBe(200);
  });

  test.each([['email', 'race@example.org'], ['phone_number', '+15557654321']])('of twenty equal requests at once one is stored, by %s', async (field, value) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(t, account.admin, 'POST', path, { [field]: value })));
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    for (const refused of answers.filter((a) => a.status !== 200)) expect([refused.status, refused.body.attributes]).toEqual([422, [field]]);
  });

  test.each([
    [{ email: 'nope' }, 'email'], [{ phone_number: '0123' }, 'phone_number'], [{ phone_number: '+1555123456789012' }, 'phone_number'], [{ name: 'a\u0000' }, 'name'], [{ name: '\udc00' }, 'name'],
    [{ name: 'x'.repeat(256) }, 'name'], [{ name: {} }, 'name'], [{ custom_attributes: 'x' }, 'custom_attributes'], [{ custom_attributes: { a: '\u0000' } }, 'custom_attributes'], [{ blocked: 'maybe' }, 'blocked'],
    [{ inbox_id: 999_999 }, 'inbox_id'],
  ])('refuse %j', async (body, attribute) => {
    const refused = await call(t, account.admin, 'POST', path, body);
    expect([refused.status, refused.body.attributes]).toEqual([422, [attribute]]);
  });

  test('take what clients send for nothing: null, empty queries, numbers for text', async () => {
    const nothing = { name: null, blocked: null, inbox_id: null, custom_attributes: null, additional_attributes: null, source_id: null };
    const made = await call(t, account.admin, 'POST', path, { ...nothing, phone_number: '+4915112345678' });
    expect([made.status, made.body.payload?.contact]).toMatchObject([200, { blocked: false, custom_attributes: {} }]);
    const changed = await call(t, account.admin, 'PUT', `${path}/${made.body.payload.contact.id}`, { contact: { name: 123, blocked: null } });
    expect([changed.status, changed.body.payload?.name]).toEqual([200, '123']);
    const one = (query: string) => call(t, account.admin, 'GET', `${path}?${query}`);
    expect((await one('sort=&page=&cursor=&q=&include_contact_inboxes=')).body).toEqual((await one('')).body);
    const found = async (filter_operator: string, value: string): Promise<number[]> =>
      (await call(t, account.admin, 'POST', `${path}/filter`, { payload: [{ attribute_key: 'phone_number', filter_operator, values: [value], query_operator: null }] })).body.payload.map((c: { id: number }) => c.id);
    for (const plus of ['', '+']) {
      expect([await found('equal_to', `${plus}4915112345678`), await found('starts_with', `${plus}49151123`), await found('contains', '15112345')]).toEqual(Array(3).fill([made.body.payload.contact.id]));
      expect(await found('not_equal_to', `${plus}4915112345678`)).not.toContain(made.body.payload.contact.id);
    }
  });

  test('of another account do not exist', async () => {
    const contact = await makeContact(t, account);
    const stranger = await makeAccount(t);
    const theirs = `/api/v1/accounts/${stranger.id}/contacts/${contact.id}`;
    for (const [method, url, body] of [
      ['GET', theirs], ['PUT', theirs, { name: 'x' }], ['GET', `${theirs}/labels`], ['POST', `${theirs}/labels`, { labels: ['x'] }], ['GET', `${theirs}/contactable_inboxes`],
      ['POST', `${theirs}/contact_inboxes`, { inbox_id: 1 }],
    ] as const) expect((await call(t, stranger.admin, method, url, body)).status).toBe(404);
    expect((await call(t, stranger.admin, 'GET', path)).status).toBe(401);
    expect((await call(t, null, 'GET', path)).status).toBe(401);
    expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/contacts/search?q=${encodeURIComponent(contact.name)}`)).body.payload).toEqual([]);
  });
});

describe('contact lists', () => {
  test('show those who can be recognised, sorted and paged', async () => {
    const own = await makeAccount(t);
    const list = `/api/v1/accounts/${own.id}/contacts`;
    for (let i = 0; i < 17; i++) await makeContact(t, own, { name: `Person ${String.fromCharCode(97 + i)}` });
    await makeContact(t, own, { name: 'Anonymous', email: null });
    const first = await call(t, own.admin, 'GET', `${list}?sort=name`);
    expect(first.body.meta).toEqual({ count: 17, current_page: 1, next_cursor: expect.any(String) });
    expect(names(first)[0]).toBe('Person a');
    expect(first.body.payload).toHaveLength(15);
    expect(names(await call(t, own.admin, 'GET', `${list}?sort=name&page=2`))).toEqual(['Person p', 'Person q']);
    expect(names(await call(t, own.admin, 'GET', `${list}?sort=-name`))[0]).toBe('Person q');
    expect((await call(t, own.admin, 'GET', `${list}?sort=-email&include_contact_inboxes=false`)).body.payload[0]).not.toHaveProperty('contact_inboxes');
    expect((await call(t, own.admin, 'GET', `${list}?sort=shoe_size`)).body.attributes).toEqual(['sort']);
    expect((await call(t, own.admin, 'GET', `${list}?page=0&labels[]=`)).body.meta).toMatchObject({ current_page: 1, count: first.body.meta.count });
    expect((await call(t, own.admin, 'GET', `${list}?page=-1`)).body.attributes).toEqual(['page']);
  });

  test('are searched by any part of name, email, number and identifier, without accents and case', async () => {
    await makeContact(t, account, { name: 'Zoë Müller', email: 'zm@food.example', phone_number: '+4930123456', identifier: 'Member-77' });
    const search = async (q: string): Promise<string[]> => names(await call(t, account.admin, 'GET', `${path}/search?q=${encodeURIComponent(q)}`));
    for (const q of ['zoe', 'MÜLLER', 'food.exa', '930123', 'member-7', 'Zo']) expect(await search(q)).toEqual(['Zoë Müller']);
    for (const q of ['z%er', 'z_', '\\', '100%']) expect(await search(q)).toEqual([]);
    expect((await call(t, account.admin, 'GET', `${path}/search?q=`)).status).toBe(422);
    expect((await call(t, account.admin, 'GET', `${path}/search?q=%00abc`)).status).toBe(422);
    expect((await call(t, account.admin, 'GET', `${path}/search?q=zoe`)).body.meta).toEqual({ count: 1, current_page: 1, has_more: false });
  });

  test('narrow by label; labels need no record and replace the set', async () => {
    const contact = await makeContact(t, account);
    expect((await call(t, account.admin, 'POST', `${path}/${contact.id}/labels`, { labels: ['VIP', 'vip', ' first time '] })).body).toEqual({ payload: ['first-time', 'vip'] });
    expect((await call(t, account.admin, 'GET', `${path}?labels[]=vip`)).body.payload.map((c: { id: number }) => c.id)).toEqual([contact.id]);
    expect((await call(t, account.admin, 'POST', `${path}/${contact.id}/labels`, { labels: [] })).body).toEqual({ payload: [] });
    expect((await call(t, account.admin, 'GET', `${path}/${contact.id}/labels`)).body).toEqual({ payload: [] });
    expect((await call(t, account.admin, 'POST', `${path}/${contact.id}/labels`, { labels: [{}] })).body.attributes).toEqual(['labels.0']);
  });
});

test('many get labels and lose others at once', async () => {
  const [a, b, c] = [await makeContact(t, account), await makeContact(t, account), await makeContact(t, account)];
  const many = (body: object) => call(t, account.admin, 'POST', `${path}/bulk_labels`, body);
  await call(t, account.admin, 'POST', `${path}/${a.id}/labels`, { labels: ['old', 'kept'] });
  await call(t, account.admin, 'POST', `${path}/${c.id}/labels`, { labels: ['fresh'] });
  expect((await many({ ids: [a.id, b.id, c.id, 999_999], add: ['Fresh'], remove: ['old', 'unknown'] })).body).toEqual({ changed: 2 });
  expect(await Promise.all([a, b, c].map(async ({ id }) => (await call(t, account.admin, 'GET', `${path}/${id}`)).body.payload.labels))).toEqual([['fresh', 'kept'], ['fresh'], ['fresh']]);
  for (const body of [{}, { ids: [] }, { ids: ['x'] }, { ids: [a.id], add: [''] }]) expect((await many(body)).status).toBe(422);
  const stranger = await makeAccount(t);
  expect((await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/contacts/bulk_labels`, { ids: [a.id], add: ['x'] })).body).toEqual({ changed: 0 });
});

describe('pages by cursor', () => {
  test('show everybody once, whatever they are sorted by and whatever they lack', async () => {
    const own = await makeAccount(t);
    const list = `/api/v1/accounts/${own.id}/contacts`;
    await t.database.asOwner(async (client) => {
      await client.query('SET ROLE porchlight_system');
      await client.query(`INSERT INTO contacts (account_id, additional_attributes, name, email, phone_number, identifier, last_activity_at)
        SELECT $1, CASE WHEN i % 5 > 0 THEN jsonb_build_object('city', 'Town ' || i % 6, 'company_name', CASE WHEN i = 9 THEN repeat('long ', 2000) END) END, 'Person ' || i % 7, CASE WHEN i % 3 = 0 THEN 'p' || i || '@example.org' END, CASE WHEN i % 4 = 0 THEN '+4930' || i % 8 || '000' END, 'id-' || i,
          CASE WHEN i % 2 = 0 THEN now() - make_interval(secs => i / 6, mins => 0) - interval '0.123457 seconds' END FROM generate_series(1, 50) i`, [own.id]);
    });
    for (const sort of ['name', 'email', 'phone_number', 'last_activity_at', 'created_at', 'city', 'company_name'].flatMap((s) => [s, `-${s}`])) {
      const seen: number[] = [];
      const numbered: number[] = [];
      let cursor: string | null = '';
      for (let page = 1; cursor !== null; page++) {
        const answer: { body: { meta: { next_cursor: string | null }; payload: { id: number }[] } } = await call(t, own.admin, 'GET', `${list}?sort=${sort}${cursor && `&cursor=${cursor}`}`);
        seen.push(...answer.body.payload.map((c) => c.id));
        cursor = answer.body.meta.next_cursor;
        numbered.push(...(await call(t, own.admin, 'GET', `${list}?sort=${sort}&page=${page}`)).body.payload.map((c: { id: number }) => c.id));
      }
      expect(new Set(seen).size).toBe(50);
      expect(seen).toEqual(numbered);
    }
    for (const page of [668, 6_668, 900_000_000]) expect((await call(t, own.admin, 'GET', `${list}?page=${page}`)).body).toMatchObject({ meta: { count: 50, current_page: page }, payload: [] });
    const { body } = await call(t, own.admin, 'GET', `${list}?sort=name`);
    for (const bad of [`sort=email&cursor=${body.meta.next_cursor}`, `sort=name&page=2&cursor=${body.meta.next_cursor}`, 'cursor=nonsense', `cursor=${Buffer.from('["-last_activity_at","with","now",1]').toString('base64url')}`]) {
      expect((await call(t, own.admin, 'GET', `${list}?${bad}`)).body.attributes).toEqual(['cursor']);
    }
  });
});

describe('a picture', () => {
  const form = (bytes: Buffer): FormData => {
    const data = new FormData();
    data.append('contact[avatar]', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'me.png');
    data.append('contact[name]', 'With face');
    data.append('contact[custom_attributes]', '{"plan":"gold"}');
    return data;
  };

  test('comes with a new contact or later, and goes again', async () => {
    const png = await sharp({ create: { width: 90, height: 70, channels: 3, background: '#b45309' } }).png().toBuffer();
    const made = (await call(t, account.admin, 'POST', path, form(png))).body.payload.contact;
    expect(made).toMatchObject({ name: 'With face', custom_attributes: { plan: 'gold' }, thumbnail: expect.stringContaining('/avatars/') });
    const address = (thumbnail: string): string => t.url + new URL(thumbnail, t.url).pathname;
    expect((await fetch(address(made.thumbnail))).status).toBe(200);
    const later = (await call(t, account.admin, 'PATCH', `${path}/${made.id}`, form(png))).body.payload;
    expect(later.thumbnail).not.toBe(made.thumbnail);
    await eventually('the old picture is gone', async () => (await fetch(address(made.thumbnail))).status === 404);
    expect((await call(t, account.admin, 'PATCH', `${path}/${made.id}`, form(Buffer.from('none')))).body.attributes).toEqual(['avatar']);
    expect((await call(t, account.admin, 'DELETE', `${path}/${made.id}/avatar`)).body.payload.thumbnail).toBe('');
    await eventually('the picture is gone', async () => (await fetch(address(later.thumbnail))).status === 404);
  });

  test('is fetched from where a program says it is; what is none changes nothing', async () => {
    const pictures = await PictureServer.start();
    const inbox = await makeInbox(t, account);
    const made = (await call(t, account.admin, 'POST', path, { name: 'Elsewhere', inbox_id: inbox.id, avatar_url: pictures.at('/a.png') })).body.payload.contact;
    expect([made.thumbnail, made.avatar_url]).toEqual(['', undefined]);
    const shown = async (): Promise<string> => (await call(t, account.admin, 'GET', `${path}/${made.id}`)).body.payload.thumbnail;
    const face = await eventually('it is there', shown);
    expect((await fetch(face)).headers.get('content-type')).toBe('image/webp');
    const { rows } = await t.database.asOwner((client) => client.query(`SELECT payload->'changes'->'thumbnail' AS told FROM events WHERE type = 'contact.updated' AND payload @> $1`, [{ contact_id: made.id }]));
    expect(rows).toEqual([{ told: ['', new URL(face).pathname] }]);

    for (const avatar_url of ['', null, 'none', `data:image/png;base64,${'A'.repeat(100_000)}`, 'ftp://files.example/a.png', 'http://169.254.169.254/a.png', pictures.at('/a.png'), pictures.at('/page')]) expect((await call(t, account.admin, 'PATCH', `${path}/${made.id}`, { avatar_url })).status).toBe(200);
    await eventually('the page was looked at', () => pictures.asked.includes('/page'));
    expect(await shown()).toBe(face);
    await call(t, account.admin, 'PATCH', `${path}/${made.id}`, { avatar_url: pictures.at('/b.png') });
    await eventually('another face', async () => ![face, ''].includes(await shown()));
    expect(pictures.asked).toEqual(['/a.png', '/page', '/b.png']);
    await pictures.stop();
  });
});

describe('notes', () => {
  test('are written, read, put right and removed by everybody of the account', async () => {
    const contact = await makeContact(t, account);
    const notes = `${path}/${contact.id}/notes`;
    const other = await makeMember(t, account.id);
    const made = await call(t, other, 'POST', notes, { note: { content: ' Likes tea. ' } });
    expect([made.status, made.body]).toEqual([200, expect.objectContaining({ content: 'Likes tea.', contact_id: contact.id, user: expect.objectContaining({ id: other.id }) })]);
    expect((await call(t, account.admin, 'PATCH', `${notes}/${made.body.id}`, { content: 'Likes coffee.' })).body).toMatchObject({ content: 'Likes coffee.', user: { id: other.id } });
    expect((await call(t, account.admin, 'GET', notes)).body.map((n: { content: string }) => n.content)).toEqual(['Likes coffee.']);
    for (const content of ['', ' ', 'a\u0000', 'x'.repeat(10_001)]) expect((await call(t, other, 'POST', notes, { content })).status).toBe(422);
    const neighbour = await makeContact(t, account);
    expect((await call(t, account.admin, 'DELETE', `${path}/${neighbour.id}/notes/${made.body.id}`)).status).toBe(404);
    expect((await call(t, account.admin, 'DELETE', `${notes}/${made.body.id}`)).status).toBe(200);
    expect((await call(t, account.admin, 'GET', `${notes}/${made.body.id}`)).status).toBe(404);
  });
});

test('attributes are taken away by name', async () => {
  const contact = await makeContact(t, account, { custom_attributes: { a: 1, b: 2 } });
  expect((await call(t, account.admin, 'POST', `${path}/${contact.id}/destroy_custom_attributes`, { custom_attributes: ['a', 'unknown'] })).body.payload.custom_attributes).toEqual({ b: 2 });
});

describe('identities', () => {
  test('are made once per address, on inboxes one may see', async () => {
    const [chat, worker] = [await makeInbox(t, account), await makeInbox(t, account, { type: 'test_worker' })];
    const [one, two] = [await makeContact(t, account), await makeContact(t, account)];
    const add = (id: number, body: object, who = account.admin) => call(t, who, 'POST', `${path}/${id}/contact_inboxes`, body);
    expect((await add(one.id, { inbox_id: chat.id, source_id: 's-1' })).body).toMatchObject({ source_id: 's-1', inbox: { id: chat.id } });
    expect((await add(one.id, { inbox_id: chat.id, source_id: 's-1' })).status).toBe(200);
    expect((await add(two.id, { inbox_id: chat.id, source_id: 's-1' })).body.attributes).toEqual(['source_id']);
    expect((await add(two.id, { inbox_id: chat.id }, await makeMember(t, account.id))).body.attributes).toEqual(['inbox_id']);
    const agent = await makeAgentIn(t, account, chat, worker);
    const contactable = async (id: number) => (await call(t, agent, 'GET', `${path}/${id}/contactable_inboxes`)).body.payload.map((i: { inbox: { id: number } }) => i.inbox.id).sort();
    expect(await contactable(one.id)).toEqual([chat.id, worker.id].sort());
    expect(await contactable(two.id)).toEqual([worker.id]);
  });
});

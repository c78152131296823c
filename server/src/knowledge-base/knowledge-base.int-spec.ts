import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { get } from 'node:http';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { call } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { makeWebChat, widgetPath } from '../../test/widget.js';
import { SweepPictures } from './pictures/sweep-pictures.job.js';

const DAY = 86_400_000;
let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let category: number;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  agent = await makeMember(t, account.id);
  const portal = await ask('POST', 'portals', { portal: { name: 'Harbour help', slug: 'harbour', color: '#1e3a8a', header_text: 'How can we help?', homepage_link: 'https://harbour.example/', config: { allowed_locales: ['en', 'ar'], default_locale: 'en' } } });
  expect(portal.body).toMatchObject({ slug: 'harbour', archived: false, account_id: account.id, config: { default_locale: 'en', allowed_locales: [{ code: 'en', articles_count: 0 }, { code: 'ar' }] }, meta: { all_articles_count: 0 } });
  category = (await ask('POST', 'portals/harbour/categories', { category: { name: 'Parcels', icon: '📦', description: 'What we give out' } })).body.payload.id;
});
afterAll(() => t.close());

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, who: Person = account.admin) => call(t, who, method, `/api/v1/accounts/${account.id}/${path}`, body);
const write = async (body: object): Promise<{ id: number; slug: string; status: string }> => (await ask('POST', 'portals/harbour/articles', { article: body })).body.payload;
const read = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
  const answer = await fetch(`${t.url}/hc/${path}`, { redirect: 'manual' });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

test('published articles are found by the search of the dashboard', async () => {
  const tides = await write({ title: 'Tides', content: 'Lighthouse opening at low tide', category_id: category, status: 1 });
  await write({ title: 'Lighthouse draft', content: 'Not for anybody yet' });
  const hit = { id: tides.id, title: 'Tides', locale: 'en', content: 'Lighthouse opening at low tide', slug: 'tides', portal_slug: 'harbour', account_id: account.id, category_name: 'Parcels', status: 'published', updated_at: expect.any(Number) };
  expect((await ask('GET', 'search/articles?q=lighthouse', undefined, agent)).body).toEqual({ payload: { articles: [hit] } });
  expect((await ask('GET', 'search?q=lighthouse', undefined, agent)).body.payload).toEqual({ messages: [], conversations: [], contacts: [], articles: [hit] });
  for (const nothing of ['q=', 'q=lighthouse&page=2', 'q=%25']) expect((await ask('GET', `search/articles?${nothing}`, undefined, agent)).body.payload.articles).toEqual([]);
  await ask('DELETE', `portals/harbour/articles/${tides.id}`);
});

test('what is published is read by everybody, safely; what is not stays inside', async () => {
  const shown = await write({ title: 'Opening <hours>', content: '# Every day\n\nNine to **six**. <script>alert(1)</script> [bad](javascript:alert(1)) ![map](https://tracker.example/x.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |', category_id: category, status: 1 });
  expect(shown).toMatchObject({ slug: 'opening-hours', status: 'published' });
  const draft = await write({ title: 'Not yet', content: 'secret plan', category_id: category });
  const page = await read('harbour/en/articles/opening-hours');
  expect(page.status).toBe(200);
  expect(page.text).toContain('<h2>Every day</h2>');
  expect(page.text).toContain('Opening &#60;hours&#62;');
  for (const bad of ['<script', 'href="javascript', '<img']) expect(page.text).not.toContain(bad);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await ask('GET', `portals/harbour/articles/${shown.id}`)).body.payload).toMatchObject({ views: 1, author: { id: account.admin.id }, category: { id: category, slug: 'parcels' } });
  expect((await read(`harbour/en/articles/${draft.slug}`)).status).toBe(404);
  const home = await read('harbour/en');
  expect(home.text).toContain('How can we help?');
  expect(home.text).toContain('/hc/harbour/en/categories/parcels');
  expect(home.text).not.toContain('Not yet');
  expect((await read('harbour/en/categories/parcels')).text).toContain('Opening &#60;hours&#62;');
  const [start, unknown, foreignLanguage] = [await read('harbour'), await read('nowhere/en'), await read('harbour/fr')];
  expect([start.status, start.headers.get('location'), unknown.status, foreignLanguage.status]).toEqual([302, '/hc/harbour/en', 404, 404]);
});

test('it is searched in words and their beginnings of a title, and stands in other languages', async () => {
  const [english, arabic] = [await write({ title: 'Volunteering', content: 'Come on Mondays and help to sort.', status: 'published' }), await write({ title: 'التطوع', slug: 'tatawwu', content: 'أهلًا', locale: 'ar', status: 1 })];
  await ask('PATCH', `portals/harbour/articles/${arabic.id}`, { associated_article_id: english.id });
  expect((await read('harbour/en?query=mondays')).text).toContain('Volunteering');
  expect((await read('harbour/en?query=volunt')).text).toContain('Volunteering');
  expect((await read('harbour/en?query=%3Cb%3Enothing')).text).toContain('&#60;b&#62;nothing');
  const page = await read('harbour/en/articles/volunteering');
  expect(page.text).toContain('href="/hc/harbour/ar/articles/tatawwu" lang="ar"');
  expect((await read('harbour/ar/articles/tatawwu')).text).toContain('lang="ar" dir="rtl"');
  expect((await ask('GET', 'portals/harbour/articles?locale=ar&status=1')).body).toMatchObject({ payload: [{ id: arabic.id }], meta: { articles_count: 1 } });
  expect((await ask('GET', 'portals/harbour/articles?query=mondays')).body.payload).toMatchObject([{ id: english.id }]);
});

test('a text is seen before it is kept, with pictures of its own; articles stand where they were put', async () => {
  const preview = await ask('POST', 'portals/harbour/articles/preview', { content: '# Hours\n<script>x</script> ![map](/help-pictures/1/x.webp)' }, agent);
  expect(preview.body.html).toContain('<h2>Hours</h2>');
  expect(preview.body.html).toContain('<img src="/help-pictures/1/x.webp" alt="map"');
  expect(preview.body.html).not.toContain('<script');

  const form = new FormData();
  form.append('picture', new Blob([Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')], { type: 'image/png' }), 'map.png');
  const sent = await fetch(`${t.url}/api/v1/accounts/${account.id}/portals/harbour/articles/pictures`, { method: 'POST', headers: { api_access_token: account.admin.token }, body: form });
  const { file_url } = await sent.json() as { file_url: string };
  const picture = await fetch(t.url + file_url);
  expect([sent.status, picture.status, picture.headers.get('content-type')]).toEqual([200, 200, 'image/webp']);
  // It stays while an article shows it, and two weeks longer.
  const sweep = async (): Promise<number> => { await t.app.get(SweepPictures).run(); return (await fetch(t.url + file_url)).status; };
  const showing = await write({ title: 'With a map', content: `![map](${file_url})` });
  t.clock.advance(20 * DAY);
  expect(await sweep()).toBe(200);
  await ask('PATCH', `portals/harbour/articles/${showing.id}`, { content: 'No map' });
  expect(await sweep()).toBe(200);
  t.clock.advance(13 * DAY);
  expect(await sweep()).toBe(200);
  t.clock.advance(2 * DAY);
  expect(await sweep()).toBe(404);

  const [first, second] = [await write({ title: 'Order one' }), await write({ title: 'Order two' })];
  expect((await ask('POST', 'portals/harbour/articles/reorder', { positions_hash: { [first.id]: 20, [second.id]: 10 } })).status).toBe(200);
  expect((await ask('GET', 'portals/harbour/articles?query=order')).body.payload.map((one: { id: number }) => one.id)).toEqual([second.id, first.id]);
  expect((await ask('POST', 'portals/harbour/articles/reorder', { positions_hash: { [first.id]: 1 } }, agent)).status).toBe(401);
});

test('nobody overwrites a text they have not seen', async () => {
  const { id, version } = await write({ title: 'Two at once', content: 'as it was' }) as unknown as { id: number; version: number };
  const url = `portals/harbour/articles/${id}`;
  const mine = await ask('PATCH', url, { article: { content: 'mine', expected_version: version } });
  expect(mine.body.payload).toMatchObject({ content: 'mine', version: version + 1 });
  const theirs = await ask('PATCH', url, { content: 'theirs', expected_version: version });
  expect([theirs.status, theirs.body.error_code]).toEqual([409, 'changed_meanwhile']);
  expect((await ask('GET', url)).body.payload.content).toBe('mine');
  // What stands beside the text is no other text; who names no version writes as ever.
  expect((await ask('PATCH', url, { description: 'Short', author_id: agent.id })).body.payload).toMatchObject({ version: version + 1, author: { id: agent.id } });
  expect((await ask('PATCH', url, { content: 'by a program' })).body.payload).toMatchObject({ content: 'by a program', version: version + 2 });
});

test('articles that were written apart become translations of each other', async () => {
  const [one, two, three] = [await write({ title: 'Beds' }), await write({ title: 'أسرّة', slug: 'asirra', locale: 'ar' }), await write({ title: 'Beds again' })];
  await ask('PATCH', `portals/harbour/articles/${three.id}`, { associated_article_id: two.id });
  expect((await ask('PATCH', `portals/harbour/articles/${two.id}`, { associated_article_id: one.id })).status).toBe(200);
  const others = async (id: number): Promise<number[]> => (await ask('GET', `portals/harbour/articles/${id}`)).body.payload.associated_articles.map((other: { id: number }) => other.id);
  expect(await others(one.id)).toEqual([two.id, three.id]);
  expect(await others(three.id)).toEqual([one.id, two.id]);
  expect((await ask('PATCH', `portals/harbour/articles/${one.id}`, { associated_article_id: three.id })).status).toBe(200);
  expect(await others(two.id)).toEqual([one.id, three.id]);
  await ask('PATCH', `portals/harbour/articles/${two.id}`, { associated_article_id: null });
  expect(await others(two.id)).toEqual([]);
});

test('an inbox leads to a help centre, and its chat knows which', async () => {
  const inbox = await makeWebChat(t, account);
  expect(inbox).toMatchObject({ portal_id: null });
  expect(inbox['help_center']).toBeUndefined();
  const portal = (await ask('POST', 'portals', { name: 'Dock help', slug: 'dock', config: { allowed_locales: ['en', 'fr'], draft_locales: ['fr'] } })).body;
  const change = (body: object) => ask('PATCH', `inboxes/${inbox.id}`, body);
  const inChat = async () => (await call(t, null, 'POST', widgetPath(inbox, 'config'), {})).body.website_channel_config.portal;
  expect((await change({ portal_id: portal.id })).body).toMatchObject({ portal_id: portal.id, help_center: { name: 'Dock help', slug: 'dock' } });
  expect(await inChat()).toEqual({ name: 'Dock help', slug: 'dock', custom_domain: null, color: null, config: { default_locale: 'en', allowed_locales: ['en'] } });
  const stranger = await makeAccount(t);
  const theirs = (await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/portals`, { name: 'Theirs', slug: 'theirs' })).body;
  expect((await change({ portal_id: theirs.id })).body.attributes).toEqual(['portal_id']);
  await ask('PATCH', 'portals/dock', { archived: true });
  expect(await inChat()).toBeNull();
  await ask('DELETE', 'portals/dock');
  expect((await ask('GET', `inboxes/${inbox.id}`)).body).toMatchObject({ portal_id: null, name: inbox.name });
});

test('an archived portal is closed; a draft language too', async () => {
  await ask('PATCH', 'portals/harbour', { config: { draft_locales: ['ar'] } });
  expect((await read('harbour/ar')).status).toBe(404);
  expect((await ask('PATCH', 'portals/harbour', { archived: true })).body.archived).toBe(true);
  expect((await read('harbour/en')).status).toBe(404);
  await ask('PATCH', 'portals/harbour', { archived: false });
  expect((await read('harbour/en')).status).toBe(200);
});

test('names are taken once, and what belongs elsewhere is refused by field', async () => {
  const other = await makeAccount(t);
  await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/portals`, { name: 'Theirs', slug: 'theirs' });
  const refused: [string, object, string][] = [
    ['portals', { name: 'Mine', slug: 'theirs' }, 'slug'], ['portals', { name: 'Mine', slug: 'a b' }, 'slug'], ['portals', { name: 'Mine', homepage_link: 'javascript:alert(1)' }, 'homepage_link'], ['portals', { name: 'Mine', color: 'red' }, 'color'],
    ['portals/harbour/categories', { name: 'Again', slug: 'parcels' }, 'slug'], ['portals/harbour/categories', { name: 'Deutsch', locale: 'de' }, 'locale'], ['portals/harbour/categories', { name: 'X', parent_category_id: 999_999 }, 'parent_category_id'],
    ['portals/harbour/articles', { title: 'X', category_id: 999_999 }, 'category_id'], ['portals/harbour/articles', { title: 'X', author_id: other.admin.id }, 'author_id'], ['portals/harbour/articles', { title: 'X', status: 9 }, 'status'],
  ];
  for (const [path, body, field] of refused) {
    const answer = await ask('POST', path, body);
    expect([path, body, answer.status, answer.body.attributes]).toEqual([path, body, 422, [field]]);
  }
  expect((await ask('GET', 'portals/theirs')).status).toBe(404);
  expect((await ask('POST', 'portals', { name: 'Mine' }, agent)).status).toBe(401);
  expect((await ask('GET', 'portals', undefined, agent)).body.payload).toHaveLength(1);
  // The same title twice gets its own address.
  expect((await write({ title: 'Volunteering' })).slug).toBe('volunteering-2');
  expect((await ask('DELETE', `portals/harbour/categories/${category}`)).status).toBe(200);
  expect((await ask('DELETE', 'portals/harbour')).status).toBe(200);
  expect((await ask('GET', 'portals')).body).toMatchObject({ payload: [], meta: { portals_count: 0 } });
});

test('a help centre is read on a domain of its own, and nothing else is', async () => {
  await ask('POST', 'portals', { name: 'Quay', slug: 'quay' });
  await ask('POST', 'portals/quay/categories', { name: 'Beds' });
  const open = (await ask('POST', 'portals/quay/articles', { title: 'On its own', status: 'published' })).body.payload;
  expect((await ask('PATCH', 'portals/quay', { custom_domain: 'Answers.Harbour.example' })).body).toMatchObject({ custom_domain: 'answers.harbour.example', custom_domain_seen: false });
  const other = await makeAccount(t);
  const taken = await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/portals`, { name: 'Theirs', custom_domain: 'answers.harbour.example' });
  expect([taken.status, taken.body.attributes]).toEqual([422, ['custom_domain']]);
  for (const domain of ['localhost', '127.0.0.1', new URL(t.url).hostname, 'printer.local']) {
    expect([domain, (await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/portals`, { name: 'Theirs', custom_domain: domain })).status]).toEqual([domain, 422]);
  }
  const theirs = (await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/portals`, { name: 'Theirs', slug: 'theirs' })).body.slug;

  const at = (path: string, host = 'answers.harbour.example') => new Promise<{ status: number; text: string; location?: string }>((done, failed) => {
    get(`${t.url}${path}`, { headers: { host } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => done({ status: answer.statusCode!, text, location: answer.headers.location }));
    }).on('error', failed);
  });
  expect(await at('/')).toMatchObject({ status: 302, location: '/en' });
  const home = await at('/en');
  expect(home.status).toBe(200);
  expect(home.text).toContain(`href="/en/articles/${open.slug}"`);
  expect(home.text).toContain('action="/en"');
  expect((await at('/en?query=%00')).status).toBe(200);
  expect((await at(`/en/articles/${open.slug}`, 'ANSWERS.harbour.example:443')).status).toBe(200);
  expect((await at('/en/categories/beds')).status).toBe(200);
  expect(await at('/hc/quay/en/categories/beds?x=1')).toMatchObject({ status: 301, location: '/en/categories/beds' });
  for (const path of ['/hc/quay//elsewhere.example', '/hc/quay/\\\\elsewhere.example', '/hc//quay//elsewhere.example']) expect(await at(path)).toMatchObject({ status: 301, location: '/elsewhere.example' });
  expect(await at('/hc/quay')).toMatchObject({ status: 301, location: '/' });
  expect((await at('/en/%ff')).status).toBe(400);
  for (const path of ['/app', '/api', `/api/v1/accounts/${account.id}/portals`, `/hc/${theirs}/en`, '/widget.js', '/en/articles/a/b']) expect([path, (await at(path)).status]).toEqual([path, 404]);
  expect((await at('/api', 'elsewhere.example')).status).toBe(200);
  expect((await ask('GET', 'portals/quay')).body.custom_domain_seen).toBe(true);
  expect((await fetch(`${t.url}/hc-domains/ask?domain=answers.harbour.example`)).status).toBe(200);
  expect((await fetch(`${t.url}/hc-domains/ask?domain=other.harbour.example`)).status).toBe(404);
  expect((await ask('PATCH', 'portals/quay', { custom_domain: 'help.harbour.example' })).body).toMatchObject({ custom_domain_seen: false });
});

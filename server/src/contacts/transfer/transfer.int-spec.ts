import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, makeMember, unique, type AccountWithAdmin } from '../../../test/factories.js';
import { makeContact } from '../../../test/factories-contacts.js';
import { call, eventually, type Answer } from '../../../test/http.js';
import { startMailServer, type MailServer } from '../../../test/mail-server.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { accountId } from '../../platform/database/account-id.js';
import { RunExport, SweepExports } from './exports.job.js';
import { RunImports, SweepImports } from './imports.job.js';
import type { WireExport, WireImport } from './transfer.dto.js';

let t: TestApp;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  t = await startTestApp({ ...WITHOUT_SCHEDULE, SMTP_URL: mail.url, PUBLIC_URL: 'http://help.example' });
});
afterAll(async () => {
  await t.close();
  await mail.close();
});

const contacts = (account: AccountWithAdmin): string => `/api/v1/accounts/${account.id}/contacts`;
const send = (account: AccountWithAdmin, content: string | Uint8Array<ArrayBuffer>, more: Record<string, string> = {}): Promise<Answer> => {
  const form = new FormData();
  form.append('import_file', new Blob([content]), 'people.csv');
  for (const [key, value] of Object.entries(more)) form.append(key, value);
  return call(t, account.admin, 'POST', `${contacts(account)}/import`, form);
};
const progress = async (account: AccountWithAdmin, id: number): Promise<WireImport> => (await call(t, account.admin, 'GET', `${contacts(account)}/imports/${id}`)).body.payload;
const bringIn = async (account: AccountWithAdmin, content: string): Promise<WireImport> => {
  const started = await send(account, content);
  expect(started.status).toBe(200);
  return eventually('imported', async () => {
    const now = await progress(account, started.body.payload.id);
    return now.finished && now;
  });
};
const one = async (account: AccountWithAdmin, q: string) => (await call(t, account.admin, 'GET', `${contacts(account)}/search?q=${encodeURIComponent(q)}`)).body.payload[0];

describe('an import', () => {
  test('creates, completes and rejects, row by row, and changes nothing the second time', async () => {
    const account = await makeAccount(t);
    await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/custom_attribute_definitions`, { attribute_display_name: 'Shoe size', attribute_key: 'shoe_size', attribute_display_type: 'number', attribute_model: 'contact_attribute' });
    const known = await makeContact(t, account, { name: 'Known', custom_attributes: { plan: 'x' } });
    const other = await makeContact(t, account, { identifier: 'other-1' });
    const table = [
      'Name;E-mail;Phone;identifier;company;Labels;Shoe size;note', `Zoë "Z" Müller;zoe@x.org;+49 30 12345;z-1;Bakery;"vip, new";38;=1+1`, `;${known.email};;;;vip;40;`, 'Twice;zoe@x.org;;;;;39;',
      'No size;size@x.org;;;;;large;', 'Nobody;;;;;;;', `Both;${known.email};;other-1;;;;`, 'Broken;nope;;;;;;',
    ].join('\n');
    const done = await bringIn(account, table);
    expect(done).toMatchObject({ file_name: 'people.csv', encoding: 'utf-8', total: 7, done: 7, created: 1, updated: 2, rejected: 4 });
    expect(await one(account, 'zoe@x.org')).toMatchObject({
      name: 'Twice', phone_number: '+493012345', identifier: 'z-1', additional_attributes: { company_name: 'Bakery' }, custom_attributes: { shoe_size: 39, note: '=1+1' },
    });
    expect(await one(account, known.email!)).toMatchObject({ id: known.id, name: 'Known', custom_attributes: { plan: 'x', shoe_size: 40 }, identifier: null });
    expect((await call(t, account.admin, 'GET', `${contacts(account)}?labels[]=vip`)).body.meta.count).toBe(2);
    expect((await call(t, account.admin, 'GET', `${contacts(account)}/${other.id}`)).body.payload).toMatchObject({ email: other.email, identifier: 'other-1' });
    const rejected = await call<string>(t, account.admin, 'GET', `${contacts(account)}/imports/${done.id}/rejected`);
    expect([rejected.headers.get('content-type'), rejected.headers.get('content-disposition')]).toEqual(['text/csv; charset=utf-8', expect.stringContaining('attachment')]);
    expect(rejected.body.trim().split('\r\n').slice(1)).toEqual([
      'No size,size@x.org,,,,,large,,5: Shoe size should be a number', 'Nobody,,,,,,,,"6: has no email, phone number or identifier"',
      `Both,${known.email},,other-1,,,,,7: Email belongs to another contact than the rest of the row`, 'Broken,nope,,,,,,,8: email is not an email address',
    ]);
    expect(await bringIn(account, table.split('\n').filter((line) => !line.startsWith('Zoë')).join('\n'))).toMatchObject({ created: 0, updated: 0, rejected: 4 });
    expect((await call(t, account.admin, 'GET', `${contacts(account)}/imports`)).body.payload).toHaveLength(2);
  });

  test('goes on behind the last whole step when its worker was killed, and several workers do nothing twice', async () => {
    const account = await makeAccount(t);
    const rows = 1_000;
    const started = await send(account, `email,name\n${Array.from({ length: rows }, (_, i) => `p${i}@x.org,Person ${i}`).join('\n')}`);
    const id = started.body.payload.id as number;
    expect(started.body.payload.total).toBe(rows);
    // Three more workers at the same file, all the way: each step is done by one of them.
    await Promise.all(Array.from({ length: 3 }, () => t.app.get(RunImports).run({ account_id: account.id })));
    const done = await eventually('imported', async () => {
      await t.app.get(RunImports).run({ account_id: account.id });
      const now = await progress(account, id);
      return now.finished && now;
    });
    expect(done).toMatchObject({ done: rows, created: rows, updated: 0, rejected: 0 });
    const [events] = await t.app.get(UnitOfWork).run(accountId(account.id), (tx) => tx.sql<{ n: number }>(`SELECT count(*) AS n FROM events WHERE account_id = $1 AND type = 'contact.created'`, [account.id]));
    expect(events!.n).toBe(rows);
    // As if the worker had died in the middle, and its job with it.
    await t.app.get(SystemWork).sql(`UPDATE contact_imports SET done = 950, created = 950, finished_at = NULL, moved_at = now() - interval '2 minutes' WHERE account_id = $1`, [account.id]);
    await t.app.get(SweepImports).run();
    expect(await eventually('taken up', async () => {
      const now = await progress(account, id);
      return now.finished && now;
    })).toMatchObject({ done: rows, created: 950, updated: 0 });
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ['an empty file', '', /no rows/], ['a header alone', 'email,name\n', /no rows/], ['no header', 'Ada,Lovelace\nGrace,Hopper', /first row/],
    ['an open quotation mark', 'email,name\na@x.org,"Ada\nb@x.org,Bo', /row 2 is never closed/], ['NULs', 'email,name\na@x.org,A\u0000', /NUL/], ['a spreadsheet', 'PK\u0003\u0004', /spreadsheet/],
    ['UTF-16 without a mark', new Uint8Array(Buffer.from('email,name\na@x.org,A', 'utf16le')), /NUL/],
  ])('of %s is refused, and nothing is stored', async (_name, content, message) => {
    const account = await makeAccount(t);
    const refused = await send(account, content);
    expect([refused.status, refused.body.error ?? refused.body.message]).toEqual([422, expect.stringMatching(message)]);
    expect((await call(t, account.admin, 'GET', `${contacts(account)}/imports`)).body.payload).toEqual([]);
  });

  test('takes what old spreadsheet programs write, and an encoding that is named', async () => {
    const account = await makeAccount(t);
    expect((await send(account, new Uint8Array(Buffer.from('email,name\na@x.org,Zo\xeb', 'latin1')))).body.payload.encoding).toBe('windows-1252');
    expect((await send(account, new Uint8Array(Buffer.from('email,name\nb@x.org,\xc0\xed\xed\xe0', 'latin1')), { encoding: 'windows-1251' })).body.payload.encoding).toBe('windows-1251');
    await eventually('both came', async () => (await one(account, 'a@x.org'))?.name === 'Zoë' && (await one(account, 'b@x.org'))?.name === 'Анна');
    expect((await send(account, 'email\na@x.org', { encoding: 'klingon' })).body.attributes).toEqual(['encoding']);
  });

  test('is the administrators\', wants a file, and no larger one than any', async () => {
    const account = await makeAccount(t);
    const agent = await makeMember(t, account.id);
    expect((await call(t, agent, 'POST', `${contacts(account)}/import`, new FormData())).status).toBe(401);
    expect((await call(t, account.admin, 'POST', `${contacts(account)}/import`, { import_file: 'text' })).body.attributes).toEqual(['import_file']);
    expect((await send(account, new Uint8Array(43 * 1024 * 1024))).status).toBe(413);
  });
});

describe('an export', () => {
  const start = (account: AccountWithAdmin, body: object): Promise<Answer> => call(t, account.admin, 'POST', `${contacts(account)}/export`, body);
  const fetched = async (account: AccountWithAdmin, body: object): Promise<{ wire: WireExport; lines: string[] }> => {
    const { status, body: { payload } } = await start(account, body);
    expect(status).toBe(200);
    const wire = await eventually('exported', async () => {
      const now = (await call(t, account.admin, 'GET', `${contacts(account)}/exports/${payload.id}`)).body.payload as WireExport;
      return now.finished && now;
    });
    const file = await fetch(t.url + new URL(wire.url!).pathname);
    expect(file.status).toBe(200);
    return { wire, lines: (await file.text()).replace('\ufeff', '').trim().split('\r\n') };
  };

  test('holds whom it was asked for, harmless to spreadsheet programs, and comes back as it went', async () => {
    const account = await makeAccount(t);
    const tag = unique();
    const evil = await makeContact(t, account, { name: '=HYPERLINK("http://x")', email: `evil-${tag}@x.org`, phone_number: '+493055555', custom_attributes: { plan: '@x', [`own`]: 'two\nlines' } });
    const plain = await makeContact(t, account, { name: 'Plain', email: `plain-${tag}@x.org` });
    await call(t, account.admin, 'POST', `${contacts(account)}/${evil.id}/labels`, { labels: ['vip', 'new'] });
    const all = await fetched(account, {});
    expect(all.wire).toMatchObject({ done: 2 });
    expect(all.lines[0]).toBe('id,name,email,phone_number,identifier,company_name,city,country,country_code,labels,blocked,created_at,last_activity_at,own,plan');
    expect(all.lines[1]).toMatch(new RegExp(`^${evil.id},"'=HYPERLINK\\(""http://x""\\)",evil-${tag}@x.org,\\+493055555,,,,,,"new, vip",false,.*,,"two\nlines",'@x$`));
    expect((await fetched(account, { label: 'VIP' })).lines).toHaveLength(2);
    const filtered = await fetched(account, { payload: [{ attribute_key: 'email', filter_operator: 'contains', values: ['plain'], query_operator: null }] });
    expect(filtered.lines.slice(1).map((line) => line.split(',')[0])).toEqual([String(plain.id)]);
    const mails = await eventually('mailed', () => mail.mails.length >= 3 && mail.mails);
    expect(mails.map((one) => one.text).join('\n')).toMatch(new RegExp(`http://help\\.example/app/accounts/${account.id}/contacts\\?export=${all.wire.id}\\b`));

    const elsewhere = await makeAccount(t);
    expect(await bringIn(elsewhere, `\ufeff${all.lines.join('\r\n')}`)).toMatchObject({ created: 2, rejected: 0 });
    expect(await one(elsewhere, `evil-${tag}`)).toMatchObject({ name: '=HYPERLINK("http://x")', phone_number: '+493055555', custom_attributes: { plan: '@x', own: 'two\nlines' } });
    expect(await bringIn(account, all.lines.join('\r\n'))).toMatchObject({ created: 0, updated: 0, rejected: 0 });
  });

  test('holds the columns that were asked for, once each and in their order', async () => {
    const account = await makeAccount(t);
    await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/custom_attribute_definitions`, { attribute_display_name: 'Size', attribute_key: 'size', attribute_display_type: 'text', attribute_model: 'contact_attribute' });
    await makeContact(t, account, { name: 'Ada', email: 'ada@x.org', additional_attributes: { city: 'Oslo' }, custom_attributes: { city: 'Bergen', plan: 'gold' } });
    expect((await fetched(account, { column_names: ['plan', 'email', 'email', 'custom_attributes.city', 'city', 'size', 'custom_attributes.plan'] })).lines).toEqual(['plan,email,custom_attributes.city,city,size', 'gold,ada@x.org,Bergen,Oslo,']);
    const all = await fetched(account, { column_names: [] });
    expect(all.lines[0]).toMatch(/,city,.*,custom_attributes\.city,plan$/);
    const elsewhere = await makeAccount(t);
    await bringIn(elsewhere, all.lines.join('\r\n'));
    expect(await one(elsewhere, 'ada')).toMatchObject({ additional_attributes: { city: 'Oslo' }, custom_attributes: { city: 'Bergen', plan: 'gold' } });
    for (const column_names of [['email', 'shoe_size'], [{}], 'x'.repeat(500)]) expect((await start(account, { column_names })).body.attributes?.[0]).toMatch(/^column_names/);
  });

  test('is finished once by however many workers, taken up when its worker was killed, and gone with anybody in it', async () => {
    const account = await makeAccount(t);
    const contact = await makeContact(t, account);
    const { wire } = await fetched(account, {});
    await t.app.get(SystemWork).sql(`UPDATE contact_exports SET finished_at = NULL, storage_key = NULL, moved_at = now() - interval '2 minutes' WHERE id = $1`, [wire.id]);
    await Promise.all([t.app.get(SweepExports).run(), ...Array.from({ length: 3 }, () => t.app.get(RunExport).run({ account_id: account.id, id: wire.id }))]);
    await eventually('finished again', async () => {
      const again = (await call(t, account.admin, 'GET', `${contacts(account)}/exports/${wire.id}`)).body.payload as WireExport;
      return again.finished && again.done === 1;
    });
    const [events] = await t.app.get(SystemWork).sql<{ n: number }>(`SELECT count(*) AS n FROM events WHERE account_id = $1 AND type = 'contacts.exported'`, [account.id]);
    expect(events!.n).toBe(2);
    expect((await call(t, account.admin, 'DELETE', `${contacts(account)}/${contact.id}`)).status).toBe(200);
    expect((await call(t, account.admin, 'GET', `${contacts(account)}/exports/${wire.id}`)).status).toBe(404);
  });

  test('refuses a filter that is none', async () => {
    const account = await makeAccount(t);
    for (const payload of [[{ attribute_key: 'shoe', filter_operator: 'equal_to', values: ['1'] }], [{ attribute_key: 'email', filter_operator: 'is_greater_than', values: ['1'] }], 'x']) expect((await start(account, { payload })).status).toBe(422);
    const stranger = await makeAccount(t);
    const { wire } = await fetched(account, {});
    expect((await call(t, stranger.admin, 'GET', `${contacts(stranger)}/exports/${wire.id}`)).status).toBe(404);
  });
});

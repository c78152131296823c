import { describe, expect, test } from '@jest/globals';
import { CsvReader, delimiterOf } from './csv-reader.js';
import { csvLine, harmless, unguarded } from './csv-writer.js';
import { columnsOf } from './import-columns.js';
import { personOf } from './import-row.js';
import { encodingOf, recordsOf } from './table-file.js';

const read = (text: string, step = text.length || 1): string[][] => {
  const reader = new CsvReader(delimiterOf(text.split('\n')[0]!));
  const records: string[][] = [];
  for (let i = 0; i < text.length; i += step) records.push(...[...reader.push(text.slice(i, i + step))].map((r) => r.cells));
  return [...records, ...[...reader.end()].map((r) => r.cells)];
};
const file = (...parts: (string | Buffer)[]) => async function* bytes() {
  for (const part of parts) yield Buffer.from(part as string);
};
const rows = async (open: () => AsyncIterable<Buffer>) => {
  const found: string[][] = [];
  for await (const record of recordsOf(open, await encodingOf(open, undefined))) found.push(record.cells);
  return found;
};

describe('reading a table', () => {
  const text = 'name,email\r\n"Lovelace, Ada","a@x.org"\r\n\r\n"two\nlines","say ""hi"""\nlast,\r';
  const table = [['name', 'email'], ['Lovelace, Ada', 'a@x.org'], ['two\nlines', 'say "hi"'], ['last', '']];
  test.each([1, 2, 3, 7, 1000])('in pieces of %i characters', (step) => expect(read(text, step)).toEqual(table));
  test('finds what separates the cells', () => {
    expect(read('name;"a,b";c\n1;2,5;3')).toEqual([['name', 'a,b', 'c'], ['1', '2,5', '3']]);
    expect(read('a\tb\n1\t2')).toEqual([['a', 'b'], ['1', '2']]);
  });
  test('says where a quotation mark is left open', () => {
    expect(() => read('a,b\n1,2\n"3,4\n5,6')).toThrow('row 3');
    expect(() => read(`a\n"${'x'.repeat(30_000)}"`)).toThrow('row 2');
  });
});

describe('a file', () => {
  test.each([
    ['UTF-8', [Buffer.from('name\nZoë 東')], 'Zoë 東'], ['UTF-8 with a mark', [Buffer.from('\ufeffname\nZoë')], 'Zoë'],
    ['UTF-16 with a mark', [Buffer.from('\ufeffname\nZoë 東', 'utf16le')], 'Zoë 東'], ['Windows-1252', [Buffer.from('name\nZo\xeb \x80', 'latin1')], 'Zoë €'],
    ['UTF-8 cut inside a character', [Buffer.from('name\nZo\xc3', 'latin1'), Buffer.from('\xab', 'latin1')], 'Zoë'],
  ])('in %s is read', async (_name, parts, name) => expect(await rows(file(...parts))).toEqual([['name'], [name]]));
  test.each([
    ['shift_jis', '山田 太郎;ﾔﾏﾀﾞ', '8e5293632091be98593bd4cfc0de'], ['windows-1250', 'Jiří Dvořák', '4a69f8ed2044766ff8e16b'], ['windows-1250', 'Łukasz Święty', 'a3756b61737a208c7769ea7479'],
    ['windows-1251', 'Иван Петров', 'c8e2e0ed20cfe5f2f0eee2'], ['windows-1252', 'Jürgen García', '4afc7267656e2047617263ed61'], ['windows-1253', 'Ελένη Νικολάου', 'c5ebddede720cde9eaefebdceff5'],
    ['windows-1254', 'Ayşe Yılmaz', '4179fe652059fd6c6d617a'], ['windows-1255', 'דוד כהן', 'e3e5e320ebe4ef'], ['windows-1256', 'محمد أحمد', 'e3cde3cf20c3cde3cf'], ['koi8-r', 'Ольга Сидорова', 'efccd8c7c120f3c9c4cfd2cfd7c1'],
  ])('says by its words that it is in %s', async (encoding, name, hex) => {
    const parts = file('email,name\n', 'a@x.org,', Buffer.from(hex, 'hex'), '\n', 'b@x.org,Ann\n'.repeat(2000));
    expect(await encodingOf(parts, undefined)).toBe(encoding);
    expect((await rows(parts))[1]).toEqual(['a@x.org', name]);
  });
  test('that is no text is refused', async () => {
    await expect(rows(file('PK\x03\x04xx'))).rejects.toThrow('spreadsheet');
    await expect(rows(file(Buffer.from('name\nZoë', 'utf16le')))).rejects.toThrow('NUL');
    await expect(encodingOf(file(Buffer.from([0x80, 0x81])), 'utf-8')).rejects.toThrow('utf-8');
  });
});

describe('a row', () => {
  const columns = columnsOf(['First name', 'Surname', 'E-Mail', 'Phone', 'Company', 'Tags', 'Shoe size', 'id'], []);
  test('says who somebody is', () => {
    expect(personOf(columns, ['Ada', 'Lovelace', ' ADA@Example.org ', '0049 (30) 123-45', 'Engines', 'VIP; first time', '38', '7'])).toEqual({
      contact: { name: 'Ada Lovelace', email: 'ada@example.org', phone_number: '+493012345', additional_attributes: { company_name: 'Engines' }, custom_attributes: { shoe_size: '38' } },
      labels: ['vip', 'first-time'],
    });
    expect(personOf(columns, ['', '', '', "'+4930123"]).contact).toEqual({ phone_number: '+4930123' });
  });
  test.each([[['Ada'], 'no email'], [['', '', 'nope'], 'email is not an email address'], [['', '', '', '12'], 'e164'], [['', '', 'a@x.org', '', '', '', '', '', 'more'], 'more cells']])('%j is rejected', (cells, reason) => {
    expect(() => personOf(columns, cells)).toThrow(reason);
  });
  test('needs a header that tells people apart', () => {
    expect(() => columnsOf(['name', 'city'], [])).toThrow('email, phone_number or identifier');
  });
  test('may say the same in several columns, and not two different things', () => {
    const twice = columnsOf(['E-Mail', 'Mail', 'Phone', 'phone', 'Tags', 'label', 'Size', 'size'], []);
    expect(personOf(twice, ['', 'a@x.org', '+4930123', '', 'vip', 'new', 'L', 'l'])).toEqual({ contact: { email: 'a@x.org', phone_number: '+4930123', custom_attributes: { size: 'L' } }, labels: ['vip', 'new'] });
    expect(() => personOf(twice, ['a@x.org', 'b@x.org'])).toThrow('two columns for email');
    expect(() => personOf(twice, ['a@x.org', '', '', '', '', '', 'L', 'M'])).toThrow('two columns for size');
  });
});

test('no cell is a formula, and what was made harmless reads as before', () => {
  for (const cell of ['=1+1', '+cmd', '-x', '@sum', '\tx']) {
    expect(harmless(cell)).toBe(`'${cell}`);
    expect(unguarded(harmless(cell))).toBe(cell);
  }
  for (const cell of ['+4930123', '-5', '-5.5', 'a=b', "'quoted'"]) expect(harmless(cell)).toBe(cell);
  expect(csvLine(['a', 'b,"c"', '=x', 'two\nlines'])).toBe('a,"b,""c""",\'=x,"two\nlines"\r\n');
});

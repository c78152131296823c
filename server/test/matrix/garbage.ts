import { sample, type Field } from './shape.js';

/* What no field may take, by what kind of field it is. */

const MEGABYTE = 'x'.repeat(1_000_000);
const NUL = 'a\u0000b';
const HALF = 'a\ud800';
const UNSTORABLE: [string, unknown][] = [['NUL', NUL], ['half a character', HALF]];

const BY_KIND: Record<Field['kind'], [string, unknown][]> = {
  text: [...UNSTORABLE, ['1 MB', MEGABYTE], ['an object', { a: 1 }], ['a list', [{}]], ['a number', 47.11], ['a boolean', true]],
  number: [...UNSTORABLE, ['words', 'abc'], ['an object', { a: 1 }], ['a list', [[]]], ['a fraction', 1.05], ['a huge number', 1e300], ['a boolean', true]],
  boolean: [...UNSTORABLE, ['words', 'perhaps'], ['an object', { a: 1 }], ['a list', [[]]], ['a number', 47.11]],
  choice: [...UNSTORABLE, ['words', 'no-such-choice'], ['an object', { a: 1 }], ['a list', [[]]], ['a number', 47.11], ['1 MB', MEGABYTE]],
  record: [
    ['words', 'abc'], ['a number', 47.11], ['a list', [1]], ['a boolean', true], ['NUL inside', { a: { b: [NUL] } }], ['NUL as a name', { [NUL]: 1 }],
    ['half a character inside', { a: HALF }], ['1 MB inside', { a: MEGABYTE }],
  ],
  file: [['words', 'abc'], ['an object', { storageKey: '1/files/x', fileName: 'x', contentType: 'image/png', size: 1 }], ['a number', 47.11]],
  object: [['words', 'abc'], ['a number', 47.11], ['a list', [1]], ['a boolean', true]],
  list: [['an object', { a: 1 }], ['too many', Array.from({ length: 5000 }, () => 'x')], ['a list in a list', [[]]]],
  mixed: [...UNSTORABLE, ['1 MB', MEGABYTE]],
};
// A query is text only: what is not text cannot be told from its text, but for objects.
const QUERY_HAS = new Set(['NUL', 'an object', 'words']);

const MANY = 5000;
/** A list of what the field would take one by one. */
const tooMany = (field: Field): [string, unknown][] => {
  const one = (sample(field.schema, () => 1) as unknown[] | undefined)?.[0];
  return one === undefined ? [] : [[`${MANY} good ones`, Array.from({ length: MANY }, () => one)]];
};

/** Values this field must refuse. */
export const garbageFor = (field: Field): [string, unknown][] => [...BY_KIND[field.kind], ...(field.kind === 'list' ? tooMany(field) : [])];
/** The same for a field of a query, as text. */
export const queryGarbageFor = (field: Field): [string, string][] => BY_KIND[field.kind].filter(([what]) => QUERY_HAS.has(what))
  .map(([what, value]) => (what === 'an object' ? [what, `${inQuery(field.path)}[a]=1`] : [what, `${inQuery(field.path)}=${encodeURIComponent(String(value))}`]));
/** `labels.0` as a query writes it: `labels[]`. */
export const inQuery = (path: string): string => path.split('.').map((part, i) => (i === 0 ? part : part === '0' ? '[]' : `[${part}]`)).join('');

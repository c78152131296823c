import { expect, test } from '@jest/globals';
import { readSearch } from './search-query.js';

test('every word must occur and the last one may go on', () => {
  expect(readSearch('Food parc')).toEqual({ words: `'Food' & 'parc':*`, pairs: '' });
});

test('what PostgreSQL would read as operators is only text', () => {
  expect(readSearch(`a' | !b & (c) \\ <-> :*`)).toEqual({ words: `'a' & 'b' & 'c':*`, pairs: '' });
  expect(readSearch(`' " \\ & | ! ( ) : *`)).toBeUndefined();
  expect(readSearch('   ')).toBeUndefined();
});

test('addresses and numbers stay whole', () => {
  expect(readSearch('maya@example.org A-117,')?.words).toBe(`'maya@example.org' & 'A-117':*`);
});

test('scripts without spaces are searched by pairs', () => {
  expect(readSearch('食料支援 Tokyo')).toEqual({ words: `'Tokyo':*`, pairs: `'食料' & '料支' & '支援'` });
});

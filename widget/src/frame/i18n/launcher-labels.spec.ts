import { expect, test } from '@jest/globals';
import { locales } from './pick-locale';
import { labelsFor } from '../../loader/labels';

test('the launcher speaks every language of the chat, English otherwise', () => {
  expect(labelsFor(['en-GB']).open).toBe('Open chat');
  expect(labelsFor([undefined, 'pt', 'de_AT']).close).toBe('Chat schließen');
  expect(labelsFor(['xx']).open).toBe('Open chat');
  expect(new Set(locales.map((locale) => labelsFor([locale]).open)).size).toBe(locales.length);
});

import { expect, test } from '@jest/globals';
import { createI18n } from 'vue-i18n';
import { readFileSync } from 'node:fs';
import { activityWords } from './activity-words';

const conversations: unknown = JSON.parse(readFileSync(new URL('../../locales/de.json', import.meta.url), 'utf8'));
const { t, te, locale } = createI18n({ legacy: false, locale: 'de', messages: { de: { conversations } } as never }).global as unknown as Parameters<typeof activityWords>[1];
const words = (activity: unknown) => activityWords({ content: 'as stored', content_attributes: { activity } as never }, { t, te, locale });

test('an activity is told in the reader\'s language', () => {
  expect(words({ key: 'priority_set', params: { name: 'Ana {x}', priority: 'high' } })).toBe('Ana {x} hat die Priorität auf hoch gesetzt');
  expect(words({ key: 'snooze_ended', params: {} })).toBe('Die Rückstellung ist vorbei, die Unterhaltung ist wieder offen');
  expect(words({ key: 'auto_resolved', params: { minutes: '2880' } })).toBe('Gelöst, weil 2 Tage lang nichts geschrieben wurde');
});

test('what has no words stays as it was stored', () => {
  expect(words({ key: 'from_another_world', params: {} })).toBe('as stored');
  expect(words(undefined)).toBe('as stored');
});

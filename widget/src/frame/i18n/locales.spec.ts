import { describe, expect, test } from '@jest/globals';
import ar from './locales/ar';
import de from './locales/de';
import en from './locales/en';
import es from './locales/es';
import fr from './locales/fr';
import { pickLocale } from './pick-locale';

const placeholders = (sentence: string): string[] => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort();

describe.each(Object.entries({ ar, de, es, fr }))('%s', (_, words) => {
  test('has every sentence of English and no other', () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
    expect(Object.entries(words).filter(([, sentence]) => !sentence.trim())).toEqual([]);
  });

  test('keeps the placeholders', () => {
    for (const [key, sentence] of Object.entries(en)) {
      expect({ key, names: placeholders(words[key as keyof typeof en]) }).toEqual({ key, names: placeholders(sentence) });
    }
  });
});

test('takes the first language we speak', () => {
  expect(pickLocale([undefined, 'pt-BR', 'ar_EG', 'en'])).toBe('ar');
  expect(pickLocale(['FR-ca'])).toBe('fr');
  expect(pickLocale(['pt', null])).toBeNull();
});

test('the names tests and assistive technology rely on', () => {
  expect([en.message, en.send, en.conversation, en.close]).toEqual(['Message', 'Send', 'Conversation', 'Close chat']);
});

import { expect, test } from '@jest/globals';
import { formatDay, formatRelative } from './time';

const now = new Date(2026, 10, 21, 12, 0, 0).getTime();
const ago = (seconds: number) => now / 1000 - seconds;

test('near moments are counted, farther ones named, far ones dated', () => {
  expect(formatRelative(ago(20), 'en', now)).toBe('now');
  expect(formatRelative(ago(5 * 60), 'en', now, true)).toBe('5 minutes ago');
  expect(formatRelative(ago(3 * 3600), 'en', now, true)).toBe('3 hours ago');
  expect(formatRelative(ago(30 * 3600), 'en', now, true)).toBe('yesterday');
  expect(formatRelative(ago(4 * 86_400), 'en', now)).toBe('Tue');
  expect(formatRelative(ago(60 * 86_400), 'en', now)).toBe('Sep 22');
  expect(formatRelative(ago(500 * 86_400), 'en', now)).toContain('2025');
});

test('days follow the language', () => {
  expect(formatDay(ago(0), 'de', now)).toBe('heute');
  expect(formatDay(ago(86_400), 'fr', now)).toBe('hier');
});

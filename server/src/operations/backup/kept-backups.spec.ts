import { expect, test } from '@jest/globals';
import { backupName } from './backup-places.js';
import { outdated } from './kept-backups.policy.js';

const DAY = 86_400_000;
const now = Date.parse('2026-11-21T02:00:00Z');

test('of two years of nights, thirty days and the first of twelve months stay', () => {
  const nights = Array.from({ length: 730 }, (_, i) => backupName(new Date(now - i * DAY)));
  const kept = nights.filter((name) => !outdated(nights, now).includes(name)).map((name) => name.slice(11, 21)).sort();
  expect(kept.slice(0, 12)).toEqual(['2025-11-01', '2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01', '2026-07-01', '2026-08-01', '2026-09-01', '2026-10-01']);
  expect(kept.slice(12)).toHaveLength(31);
  expect(kept[12]).toBe('2026-10-22');
});

test('what is no backup of ours stays', () => {
  expect(outdated(['holiday.plbackup', 'porchlight-2020-13.plbackup', backupName(new Date(now - 400 * DAY)), backupName(new Date(now - 399 * DAY))], now)).toHaveLength(2);
});

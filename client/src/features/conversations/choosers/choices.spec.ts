import { expect, it } from '@jest/globals';
import { snoozeMoments } from './choices';

const shown = (now: Date) => snoozeMoments(now).map(({ preset, at }) => `${preset} ${at.toDateString().slice(0, 3)} ${at.getHours()}:${String(at.getMinutes()).padStart(2, '0')}`);

it('offers moments that make sense at the time of day', () => {
  expect(shown(new Date(2026, 10, 18, 10, 20))).toEqual(['inAnHour Wed 11:20', 'laterToday Wed 13:00', 'tomorrow Thu 9:00', 'nextWeek Mon 9:00']);
});

it('knows that late in the evening is no longer today', () => {
  expect(shown(new Date(2026, 10, 18, 22, 0))).toEqual(['inAnHour Wed 23:00', 'tomorrow Thu 9:00', 'nextWeek Mon 9:00']);
});

it('means the next Monday on a Monday and on a Sunday', () => {
  const nextWeek = (now: Date) => snoozeMoments(now).at(-1)!.at.getDate();
  expect(nextWeek(new Date(2026, 10, 16, 10))).toBe(23);
  expect(nextWeek(new Date(2026, 10, 22, 10))).toBe(23);
});

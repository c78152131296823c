import { expect, test } from '@jest/globals';
import { firstWeekday, toDays, toWorkingHours } from './working-hours';

const monday = { day_of_week: 1, closed_all_day: false, open_all_day: false, open_hour: 8, open_minutes: 30, close_hour: 17, close_minutes: 5 };

test('days the server does not name are closed', () => {
  const days = toDays([monday]);
  expect(days.map((day) => day.kind)).toEqual(['closed', 'hours', 'closed', 'closed', 'closed', 'closed', 'closed']);
  expect(days[1]).toEqual({ kind: 'hours', open: '08:30', close: '17:05' });
});

test('what is stored comes back as it was', () => {
  const stored = [0, 1, 2, 3, 4, 5, 6].map((day) => (day === 1 ? monday
    : { day_of_week: day, closed_all_day: day !== 6, open_all_day: day === 6, open_hour: null, open_minutes: null, close_hour: null, close_minutes: null }));
  expect(toWorkingHours(toDays(stored))).toEqual(stored);
});

test('the week begins where the language says', () => {
  expect([firstWeekday('de'), firstWeekday('en-US'), firstWeekday('ar-EG')]).toEqual([1, 0, 6]);
});

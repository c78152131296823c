import { describe, expect, test } from '@jest/globals';
import { DEFAULT_WORKING_HOURS, isOpen, isTimezone, nextOpenAt, openSecondsBetween, type OfficeHours, type WorkingDay } from './working-hours.js';

const hours = (timezone: string, days: Partial<WorkingDay>[] = []): OfficeHours => ({
  working_hours_enabled: true, timezone,
  working_hours: DEFAULT_WORKING_HOURS.map((day) => ({ ...day, ...days.find((d) => d.day_of_week === day.day_of_week) })),
});
const at = (iso: string): Date => new Date(iso);

describe('office hours', () => {
  test('are always open while switched off', () => {
    const off = { ...hours('UTC'), working_hours_enabled: false };
    expect(isOpen(off, at('2026-11-22T03:00:00Z'))).toBe(true);
    expect(nextOpenAt(off, at('2026-11-22T03:00:00Z'))).toBeNull();
  });

  test.each([
    ['2026-11-20T08:59:59Z', false], ['2026-11-20T09:00:00Z', true], ['2026-11-20T16:59:59Z', true], ['2026-11-20T17:00:00Z', false], ['2026-11-21T12:00:00Z', false],
  ])('in UTC at %s: %s', (iso, expected) => expect(isOpen(hours('UTC'), at(iso))).toBe(expected));

  test.each([
    // New York: UTC-5 until 8 March 2026, then UTC-4, and UTC-5 again from 1 November.
    ['the Friday before summer time', '2026-03-06T13:59:00Z', false], ['the same, a minute later', '2026-03-06T14:00:00Z', true],
    ['the Monday in summer time', '2026-03-09T13:00:00Z', true], ['the Monday in winter time', '2026-11-02T13:59:00Z', false], ['and an hour on', '2026-11-02T14:00:00Z', true],
  ])('follow the clock change: %s', (_, iso, expected) => expect(isOpen(hours('America/New_York'), at(iso))).toBe(expected));

  test('next opening crosses a weekend with a clock change', () => {
    expect(nextOpenAt(hours('America/New_York'), at('2026-03-06T23:00:00Z'))).toEqual(at('2026-03-09T13:00:00Z'));
    expect(nextOpenAt(hours('America/New_York'), at('2026-10-30T22:00:00Z'))).toEqual(at('2026-11-02T14:00:00Z'));
    expect(nextOpenAt(hours('Asia/Kolkata'), at('2026-11-20T20:00:00Z'))).toEqual(at('2026-11-23T03:30:00Z'));
  });

  test('an opening inside the hour that is skipped comes an hour later by the clock', () => {
    const sunday = hours('Europe/Berlin', [{ day_of_week: 0, closed_all_day: false, open_hour: 2, open_minutes: 30, close_hour: 12, close_minutes: 0 }]);
    expect(nextOpenAt(sunday, at('2026-03-28T22:00:00Z'))).toEqual(at('2026-03-29T01:30:00Z'));
  });

  test('an opening inside the hour that comes twice is the first of the two', () => {
    const sunday = hours('Europe/Berlin', [{ day_of_week: 0, closed_all_day: false, open_hour: 2, open_minutes: 30, close_hour: 12, close_minutes: 0 }]);
    expect(nextOpenAt(sunday, at('2026-10-24T22:00:00Z'))).toEqual(at('2026-10-25T00:30:00Z'));
  });

  test('one opening a week is found just after it ended; none is never', () => {
    const closed = DEFAULT_WORKING_HOURS.map((day) => ({ ...day, closed_all_day: true }));
    const once = closed.map((day) => (day.day_of_week === 3 ? { ...day, closed_all_day: false, open_hour: 10, open_minutes: 0, close_hour: 11, close_minutes: 0 } : day));
    expect(nextOpenAt({ working_hours_enabled: true, timezone: 'UTC', working_hours: once }, at('2026-11-18T11:00:00Z'))).toEqual(at('2026-11-25T10:00:00Z'));
    expect(nextOpenAt({ working_hours_enabled: true, timezone: 'UTC', working_hours: closed }, at('2026-11-18T11:00:00Z'))).toBeNull();
  });

  test('open all day ends at midnight of the zone', () => {
    const sunday = hours('Asia/Tokyo', [{ day_of_week: 0, closed_all_day: false, open_all_day: true }]);
    expect(isOpen(sunday, at('2026-11-21T15:00:00Z'))).toBe(true);
    expect(isOpen(sunday, at('2026-11-22T15:00:00Z'))).toBe(false);
  });

  test('knows time zones', () => {
    expect(isTimezone('Europe/Berlin')).toBe(true);
    expect(isTimezone('Mars/Olympus')).toBe(false);
  });
});

describe('seconds inside office hours', () => {
  const H = 3600;
  test.each([
    ['within a day', 'UTC', '2026-11-20T08:00:00Z', '2026-11-20T10:30:00Z', 1.5 * H], ['over a night', 'UTC', '2026-11-19T16:00:00Z', '2026-11-20T10:00:00Z', 2 * H],
    ['over a weekend', 'UTC', '2026-11-20T16:59:00Z', '2026-11-23T09:01:00Z', 120], ['on a Sunday only', 'UTC', '2026-11-22T01:00:00Z', '2026-11-22T23:00:00Z', 0],
    // 02:00 becomes 03:00 in Berlin on 29 March 2026, a Sunday.
    ['over a week with a clock change', 'Europe/Berlin', '2026-03-27T12:00:00Z', '2026-03-30T12:00:00Z', 4 * H + 5 * H], ['backwards', 'UTC', '2026-11-20T12:00:00Z', '2026-11-20T10:00:00Z', 0],
  ])('%s', (_, timezone, from, to, expected) => expect(openSecondsBetween(hours(timezone), at(from), at(to))).toBe(expected));

  test('are none where there are no office hours', () => expect(openSecondsBetween({ ...hours('UTC'), working_hours_enabled: false }, at('2026-11-20T08:00:00Z'), at('2026-11-20T12:00:00Z'))).toBe(0));
  test('count a whole day that is open all day', () =>
    expect(openSecondsBetween(hours('UTC', [{ day_of_week: 0, closed_all_day: false, open_all_day: true }]), at('2026-11-21T20:00:00Z'), at('2026-11-23T00:00:00Z'))).toBe(24 * H));
});

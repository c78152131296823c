import { describe, expect, test } from '@jest/globals';
import { dayName, hoursAt, openingTime } from './office-hours';

const at = (day: number, hour = 9, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();

describe('office hours', () => {
  test('open stays open; closed opens by itself when the time has come', () => {
    expect(hoursAt(at(20), true, 0)).toEqual({ open: true, nextOpenAt: null });
    expect(hoursAt(at(20, 8), false, at(20, 9))).toEqual({ open: false, nextOpenAt: at(20, 9) });
    expect(hoursAt(at(20, 9), false, at(20, 9))).toEqual({ open: true, nextOpenAt: null });
    expect(hoursAt(at(20), false, 0)).toEqual({ open: false, nextOpenAt: null });
  });

  test('names days as people do, by calendar and not by 24 hours', () => {
    expect(dayName(at(20, 23, 59), at(20, 0), 'en')).toBe('today');
    expect(dayName(at(21, 0, 1), at(20, 23, 59), 'en')).toBe('tomorrow');
    expect(dayName(at(19), at(20), 'de')).toBe('gestern');
    expect(dayName(at(23), at(20), 'fr')).toBe('lundi');
    expect(dayName(at(5), at(20), 'es')).toBe('5 de noviembre');
    expect(dayName(new Date(2025, 0, 2).getTime(), at(20), 'en')).toBe('January 2, 2025');
  });

  test('says when it opens again in the language', () => {
    expect(openingTime(at(23, 14, 5), at(20), 'de')).toBe('Montag 14:05');
    expect(openingTime(at(21, 14, 30), at(20), 'en').replace(/\s/g, ' ')).toBe('tomorrow 2:30 PM');
  });
});

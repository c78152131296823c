import { describe, expect, test } from '@jest/globals';
import { bucketsOf, previousOf, splitByDays, wholeSlots } from './report-range.js';

const at = (iso: string): number => Date.parse(iso) / 1000;
const span = (since: string, until: string) => ({ since: at(since), until: at(until) });
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16);

describe('the span of a report', () => {
  test('is widened to quarters of an hour, and the one before is as long', () => {
    const wide = wholeSlots(at('2026-03-01T10:07:00Z'), at('2026-03-02T10:07:00Z'));
    expect([iso(wide.since), iso(wide.until)]).toEqual(['2026-03-01T10:00', '2026-03-02T10:15']);
    expect([iso(previousOf(wide).since), iso(previousOf(wide).until)]).toEqual(['2026-02-28T09:45', '2026-03-01T10:00']);
    expect(previousOf({ since: 900, until: 9000 })).toEqual({ since: 0, until: 900 });
  });

  test('falls into whole days and what lies around them', () => {
    const { head, days, tail } = splitByDays(span('2026-03-01T10:00Z', '2026-03-05T02:15Z'));
    expect([head, days, tail].map((part) => [iso(part.since), iso(part.until)])).toEqual([
      ['2026-03-01T10:00', '2026-03-02T00:00'], ['2026-03-02T00:00', '2026-03-05T00:00'], ['2026-03-05T00:00', '2026-03-05T02:15']]);
    const short = span('2026-03-01T10:00Z', '2026-03-02T02:00Z');
    expect(splitByDays(short)).toMatchObject({ head: short, days: { since: 0, until: 0 } });
    expect(splitByDays(span('2026-03-01T00:00Z', '2026-03-02T00:00Z')).days).toEqual(span('2026-03-01T00:00Z', '2026-03-02T00:00Z'));
  });

  test.each([
    ['hour', 5.75, '2026-03-01T00:00Z', '2026-03-01T02:00Z', ['2026-02-28T23:15', '2026-03-01T00:15', '2026-03-01T01:15']],
    ['day', -5, '2026-03-01T05:00Z', '2026-03-03T05:00Z', ['2026-03-01T05:00', '2026-03-02T05:00']],
    ['week', 0, '2026-03-04T00:00Z', '2026-03-09T00:00Z', ['2026-03-01T00:00', '2026-03-08T00:00']],
    ['month', 2, '2026-01-31T22:00Z', '2026-03-31T21:00Z', ['2026-01-31T22:00', '2026-02-28T22:00']],
    ['year', 0, '2024-06-01T00:00Z', '2026-01-01T00:00Z', ['2024-01-01T00:00', '2025-01-01T00:00']],
    ['day', 1, '1970-01-01T00:00Z', '1970-01-01T22:00Z', ['1969-12-31T23:00']],
  ] as const)('is grouped by %s at %s hours from UTC', (group, hours, since, until, expected) =>
    expect(bucketsOf(span(since, until), group, hours * 3600).map(iso)).toEqual(expected));

  test('is refused when it would have more points than anybody reads', () => expect(() => bucketsOf({ since: 0, until: at('2026-01-01T00:00Z') }, 'hour', 0)).toThrow(/10000 points/));
});

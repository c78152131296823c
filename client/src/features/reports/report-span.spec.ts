import { describe, expect, it } from '@jest/globals';
import { betweenDays, change, dayOf, duration, groupsFor, lastDays, scale, usualGroup } from './report-span';

describe('what a report is asked for', () => {
  it('goes back whole days, today included', () => {
    const { since, until } = lastDays(7, new Date(2026, 2, 4, 15, 30));
    expect([dayOf(new Date(since * 1000)), dayOf(new Date(until * 1000)), new Date(since * 1000).getHours()]).toEqual(['2026-02-26', '2026-03-05', 0]);
  });

  it('takes two days in their order, both whole', () => {
    const span = betweenDays('2026-03-01', '2026-03-01')!;
    expect(span.until - span.since).toBe(86_400);
    expect(betweenDays('2026-03-02', '2026-03-01')).toBeUndefined();
    expect(betweenDays('', '2026-03-01')).toBeUndefined();
  });

  it('groups so that there are bars to look at, and not too many', () => {
    const span = (days: number) => ({ since: 0, until: days * 86_400 });
    expect([1, 7, 30, 365].map((days) => groupsFor(span(days)))).toEqual([['hour'], ['hour', 'day'], ['day', 'week'], ['week', 'month']]);
    expect([1, 7, 30, 90, 365, 4000].map((days) => usualGroup(span(days)))).toEqual(['hour', 'day', 'day', 'week', 'week', 'month']);
  });
});

describe('what a report shows', () => {
  it.each([[42, '42 sec'], [3540, '59 min'], [3599, '1 hr'], [7500, '2 hr 5 min'], [86_400, '1 day'], [190_000, '2 days 4 hr']])('%d seconds as %s', (seconds, text) => expect(duration(seconds, 'en')).toBe(text));
  it('has lines at round values', () => {
    expect(scale(0, false)).toEqual([0, 1]);
    expect(scale(3, false)).toEqual([0, 1, 2, 3]);
    expect(scale(187, false)).toEqual([0, 50, 100, 150, 200]);
    expect(scale(9000, true)).toEqual([0, 3600, 7200, 10_800]);
  });
  it('compares only where there was something', () => expect([change(15, 10), change(5, 10), change(5, 0), change(null, 3)]).toEqual([50, -50, undefined, undefined]));
});

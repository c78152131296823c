import { expect, test } from '@jest/globals';
import { processorTime } from '../../../test/processor-time.js';
import { isPattern, matchesPattern } from './attribute-pattern.js';

test('a pattern says whether the value is of its form; what is no pattern says nothing', () => {
  expect([matchesPattern('/^[A-Z]{2}$/', 'NO'), matchesPattern('^[A-Z]{2}$', 'no'), matchesPattern('(', 'x'), matchesPattern('\\', 'x')]).toEqual([true, false, undefined, undefined]);
  expect([isPattern('/^[A-Z]{2}$/'), isPattern('^(a+)+$'), isPattern('('), isPattern('\\')]).toEqual([true, true, false, false]);
});

test.each(['^(a+)+$', '^(a|aa)+$', '^(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(a?){30}a{30}b'])('%s is given up, and costs no more the more often it is asked', (pattern) => {
  const started = processorTime();
  const answers = Array.from({ length: 200 }, () => matchesPattern(pattern, `${'a'.repeat(1000)}!`));
  // Asked every time it would take ten seconds.
  expect(processorTime() - started).toBeLessThan(3_000);
  expect(new Set(answers)).toEqual(new Set([undefined]));
  expect(matchesPattern('^a+!$', `${'a'.repeat(1000)}!`)).toBe(true);
});

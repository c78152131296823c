import TestSequencer from '@jest/test-sequencer';

/** These take a minute or more, and their size does not say so: they wait for what was killed, or ask every route. */
const LONGEST = /faults\.int-spec|test\/(matrix|contract)\//;

/** Jest's order, the largest files first, but for those that would run on alone when all others have ended. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter((test) => LONGEST.test(test.path)), ...sorted.filter((test) => !LONGEST.test(test.path))];
  }
}

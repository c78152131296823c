import { createHash } from 'node:crypto';
import path from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/** An order of the test files that only TEST_ORDER decides: a run that failed by its order can be had again. */
export default class Shuffle extends TestSequencer {
  sort(tests) {
    const place = (test) => createHash('sha256').update(`${process.env.TEST_ORDER} ${path.relative(test.context.config.rootDir, test.path)}`).digest('hex');
    return tests.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  }
}

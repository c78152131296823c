import fs from 'node:fs';
import path from 'node:path';
import { duration, say } from './progress.mjs';
import { repository } from './repository.mjs';

/** A file that takes longer hangs: nobody should wait for the limit of the whole run to learn which one. */
const fileLimit = 10 * 60_000;

/** One line per test file as it ends, what failed in full, and the counts as JSON for the command that ran Jest. */
export default class JestReporter {
  #limits = new Map();
  #hung;

  onTestFileStart(test) {
    this.#limits.set(test.path, setTimeout(() => {
      this.#hung = path.relative(repository, test.path);
      say(`  HUNG  ${this.#hung} did not end within ${duration(fileLimit)}; ending the run.`);
      this.#write({ passed: 0, failed: 1, skipped: 0 });
      process.exit(1);
    }, fileLimit));
  }

  onTestFileResult(test, result) {
    clearTimeout(this.#limits.get(test.path));
    const failed = result.numFailingTests > 0 || result.testExecError || result.failureMessage;
    const time = duration(result.perfStats.end - result.perfStats.start);
    say(`  ${failed ? 'FAIL' : 'pass'}  ${path.relative(repository, test.path)} (${result.numPassingTests} tests, ${time})`);
    if (!failed) return;
    for (const entry of result.console ?? []) say(`    ${entry.type}: ${entry.message}`);
    say(result.failureMessage ?? String(result.testExecError?.stack));
  }

  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has no failed test, and is a failure all the same.
    this.#write({
      passed: results.numPassedTests, failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    });
  }

  #write(counts) {
    if (process.env.PORCHLIGHT_TEST_COUNTS) fs.writeFileSync(process.env.PORCHLIGHT_TEST_COUNTS, JSON.stringify(counts));
  }
}

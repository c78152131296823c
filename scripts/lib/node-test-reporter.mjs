import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { duration } from './progress.mjs';
import { repository } from './repository.mjs';

/** Reporter of Node's test runner in the manner of the Jest one: a line per test, the counts as JSON at the end. */
export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.file !== undefined) yield `        ${data.message}\n`;
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite' || isFile(data)) continue;
    const outcome = data.skip !== undefined ? 'skip' : type === 'test:pass' ? 'pass' : 'FAIL';
    counts[{ skip: 'skipped', pass: 'passed', FAIL: 'failed' }[outcome]] += 1;
    yield `  ${outcome}  ${path.relative(repository, data.file ?? '')}: ${data.name} (${duration(data.details.duration_ms)})\n`;
    if (outcome === 'FAIL') yield `${inspect(data.details.error?.cause ?? data.details.error)}\n`;
  }
  if (process.env.PORCHLIGHT_TEST_COUNTS) fs.writeFileSync(process.env.PORCHLIGHT_TEST_COUNTS, JSON.stringify(counts));
}

/** The runner also reports every file as a passed test; a file that fails without a test is caught by the exit code. */
const isFile = (data) => data.nesting === 0 && data.file !== undefined && path.resolve(data.name) === data.file;

import { Failure } from './failure.mjs';
import { findProgram, hasApt, installDebianPackage } from './system-packages.mjs';

/** Path of a Chromium for the end-to-end tests: TEST_CHROMIUM, the system's, else installed by root. */
export async function provideChromium({ mayInstall }) {
  const find = () => process.env.TEST_CHROMIUM || findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
  const found = find();
  if (found || !mayInstall) return found;
  if (hasApt() && process.getuid() === 0) await installDebianPackage('chromium');
  const installed = find();
  if (!installed) throw new Failure('The end-to-end tests need a browser. Install chromium, or name one with TEST_CHROMIUM=/path/to/chrome, and run npm test again.');
  return installed;
}

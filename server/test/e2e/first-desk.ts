import { afterAll, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser.js';
import { Installation } from './installation.js';
import { sitAtFirstDesk, type Desk } from './people.js';

/** What the tests of one file share. */
export interface FirstDesk { installation: Installation; browser: Browser; maya: Desk }

/** An empty installation for the tests of this file, whose first administrator sits at a desk; hands them over before the first test. */
export function atFirstDesk(begin: (there: FirstDesk) => void): void {
  let installation: Installation | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    installation = await Installation.start();
    browser = await openBrowser();
    begin({ installation, browser, maya: await sitAtFirstDesk(browser, installation) });
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });
}

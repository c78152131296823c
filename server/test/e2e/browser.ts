import { expect } from '@jest/globals';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Whether this machine has a browser; tests that need one say so by `(chromiumPath ? test : test.skip)`. */
export const chromiumPath = process.env['TEST_CHROMIUM'];

/** A real browser that asks nobody else for anything. */
export function openBrowser(): Promise<Browser> {
  if (!chromiumPath) throw new Error('TEST_CHROMIUM is not set; run tests through npm test.');
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/**
 * Colours in the middle of a change are nobody's to read. What changes with the size of the window or the colours begins with a later frame only, and frames
 * that are not shown draw none; spinners never end.
 */
const AT_REST = `(async () => {
  const drawn = () => Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), new Promise((resolve) => setTimeout(resolve, 250))]);
  for (let [quiet, looks] = [0, 0]; quiet < 2 && looks < 40; looks += 1) {
    await drawn();
    const moving = document.getAnimations().filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
    quiet = moving.length > 0 ? 0 : quiet + 1;
    await Promise.all(moving.map((one) => one.finished.catch(() => undefined)));
  }
})()`;

/** What axe finds on the page as it is now, one line each. Runs inside the page's own content security policy. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const frame of page.frames()) {
    if (frame.url() === 'about:blank') continue;
    // A mail is a stranger's page in which no script runs, ours neither.
    if (frame.url().includes('/mail-pages/')) continue;
    await frame.evaluate(AT_REST);
    await frame.evaluate(axe.source);
    const { violations } = await frame.evaluate('axe.run(document, { iframes: false, resultTypes: ["violations"] })') as { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] };
    found.push(...violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} (${n.failureSummary?.split('\n').at(-1)?.trim() ?? ''})`)));
  }
  return found;
}

/** Keeps what the page looks like, if TEST_PICTURES names a folder for it. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['TEST_PICTURES'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

/**
 * Nothing for axe to find and nothing that sticks out, at a desk and, in the dark, on a phone. Leaves the page at the desk, in the light.
 */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const [width, height, colorScheme] of [[390, 844, 'dark'], [1440, 900, 'light']] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    expect([name, width, await accessibilityProblems(page)]).toEqual([name, width, []]);
    await keepPicture(page, `${name}-${width}`);
    expect([name, width, await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([name, width, true]);
  }
}

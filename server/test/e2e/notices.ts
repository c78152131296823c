import type { Page } from 'playwright-core';
import { eventually } from '../http.js';

const heard = new WeakMap<Page, string[]>();

const LISTEN = `new MutationObserver((changes) => {
  for (const node of changes.flatMap((change) => [...change.addedNodes])) {
    if (node.parentElement?.closest('section[aria-live=polite]')) noticeShown(node.textContent);
  }
}).observe(document, { childList: true, subtree: true });`;

/** Keeps every notice the dashboard shows on this page from now on: a busy machine may look again only when one has gone by itself. */
export async function hearNotices(page: Page): Promise<void> {
  const texts: string[] = [];
  heard.set(page, texts);
  await page.exposeFunction('noticeShown', (text: string) => void texts.push(text));
  await page.addInitScript(LISTEN);
}

/** Until the dashboard has shown a notice with these words, whether it is still there or not. */
export const told = (page: Page, words: string): Promise<unknown> => eventually(`told: ${words}`, () => heard.get(page)!.some((text) => text.includes(words)));

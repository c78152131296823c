import { describe, expect, test } from '@jest/globals';
import { snippetOf } from './snippet.js';

const marked = (content: string, q: string): string[] => {
  const { text, highlights } = snippetOf(content, q);
  return highlights.map(([from, to]) => text.slice(from, to));
};

describe('snippets', () => {
  test.each([
    ['We need Baby food über the weekend', 'food UBER', ['food', 'über']], ['Foods and seafood', 'food', ['Food']], ['食料支援をお願いします', '支援', ['支援']],
    ['Write to grace@example.org', 'grace@example.org', ['grace@example.org']], ['<b>food</b>', 'food', ['food']], ['1+1 (food)', '(food)', ['food']], ['nothing here', 'zzz', []], ['İstanbul food', 'food', ['food']],
  ])('%s: %s', (content, q, expected) => expect(marked(content, q)).toEqual(expected));

  test('are cut around the first match, at a word', () => {
    const { text, highlights } = snippetOf(`${'word '.repeat(100)}here is the needle ${'more '.repeat(100)}`, 'needle');
    expect(text).toMatch(/^…word .* needle more .*…$/);
    expect(text.length).toBeLessThanOrEqual(182);
    expect(text.slice(...highlights[0]!)).toBe('needle');
  });

  test('never cut a character in two', () => expect(snippetOf('😀'.repeat(300), 'x').text.isWellFormed()).toBe(true));
});

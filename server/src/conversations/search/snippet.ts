/** A piece of a text around what was searched for. Ranges are [start, end) in UTF-16 units of the piece, so that clients mark them without HTML. */
export interface Snippet { text: string; highlights: [number, number][] }

const BEFORE = 50;
const LENGTH = 180;

/** Case and accents taken away, unit by unit, so that places in the folded text are places in the text. */
const fold = (text: string): string => Array.from({ length: text.length }, (_, i) => {
  const plain = text[i]!.normalize('NFD').replace(/\p{M}+/gu, '').toLowerCase();
  return plain.length === 1 ? plain : text[i]!;
}).join('');

/** Cuts the piece that begins shortly before the first match. Words match at their beginning, as the index does; characters of scripts without spaces anywhere. */
export function snippetOf(content: string, searched: string): Snippet {
  const text = content.replace(/\s+/g, ' ').trim();
  const matches = matchesIn(fold(text), searched);
  const from = Math.max(0, (matches[0]?.[0] ?? 0) - BEFORE);
  const start = from === 0 ? 0 : text.indexOf(' ', from) + 1 || from;
  const end = Math.min(text.length, start + LENGTH);
  const [lead, tail] = [start > 0 ? '…' : '', end < text.length ? '…' : ''];
  return {
    text: `${lead}${text.slice(start, end).toWellFormed()}${tail}`,
    highlights: matches.filter(([a, b]) => a >= start && b <= end).map(([a, b]) => [a - start + lead.length, b - start + lead.length]),
  };
}

function matchesIn(folded: string, searched: string): [number, number][] {
  const words = fold(searched).split(/[^\p{L}\p{M}\p{N}@._-]+/u).map((word) => word.replace(/^[@._-]+|[@._-]+$/g, '')).filter(Boolean);
  if (words.length === 0) return [];
  const alternatives = [...new Set(words)].sort((a, b) => b.length - a.length).map((word) =>
    `${/^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(word) ? '' : '(?<![\\p{L}\\p{N}])'}${word.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')}`);
  return [...folded.matchAll(new RegExp(alternatives.join('|'), 'gu'))].map((match) => [match.index, match.index + match[0].length]);
}

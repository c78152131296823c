/** What somebody typed, ready for to_tsquery: words of spaced scripts, and pairs of characters of scripts without spaces. */
export interface SearchQuery {
  /** For to_tsquery with the plain configuration: every word must occur, the last one may go on. '' when there is none. */
  words: string;
  /** A tsquery by itself: pairs as the index has them (function cjk_bigrams). '' when there is none. */
  pairs: string;
}

const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}/gu;
const MAX_WORDS = 12;

// Inside quotes only the quote and the backslash mean something to PostgreSQL.
const quoted = (word: string): string => `'${word.replace(/['\\]/g, '$&$&')}'`;

/** Reads a search text. Undefined when nothing in it can be searched for. */
export function readSearch(text: string): SearchQuery | undefined {
  const runs = text.match(UNSPACED) ?? [];
  const pairs = [...new Set(runs.flatMap((run) => [...run].slice(0, -1).map((c, i) => c + [...run][i + 1]!)))];
  const words = text.replace(UNSPACED, ' ').split(/[^\p{L}\p{M}\p{N}@._-]+/u).map((w) => w.replace(/^[@._-]+|[@._-]+$/g, '')).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0 && pairs.length === 0) return undefined;
  return { words: words.map((w, i) => quoted(w) + (i === words.length - 1 ? ':*' : '')).join(' & '), pairs: pairs.map(quoted).join(' & ') };
}

/** A file or a face of ours, as presenters write its address: without an origin. */
const ADDRESS = /^\/(?:files\/[\w-]+\.[\w-]+\/[^/?#]+|avatars\/u?\d{1,15}\/[\w-]{32}\.webp)$/;
/** The keys that hold addresses; also what lies below them, as in `thumbnail: [before, after]`. */
const NAME = /(?:^|_)(?:url|thumbnail|avatar)$/;
/** Pictures inside a message's text. What people wrote is escaped there, so no quotation mark is theirs. */
const PICTURE = /(?<= src=")\/files\/[\w-]+\.[\w-]+\/[^"/?#]+/g;

/** The same thing with every address of ours in it changed; nothing else is touched, and what holds none is not copied. */
export function withAddresses<T>(thing: T, change: (path: string) => string): T {
  return walk(thing, false, change) as T;
}

function walk(value: unknown, isAddress: boolean, change: (path: string) => string): unknown {
  if (typeof value === 'string') return isAddress && ADDRESS.test(value) ? change(value) : value;
  if (Array.isArray(value)) return kept(value, value.map((item) => walk(item, isAddress, change)));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  const changed = entries.map(([key, item]) => (key === 'custom_attributes' ? item : key === 'content_html' && typeof item === 'string' ? item.replace(PICTURE, change) : walk(item, isAddress || NAME.test(key), change)));
  return changed.every((item, i) => item === entries[i]![1]) ? value : Object.fromEntries(entries.map(([key], i) => [key, changed[i]]));
}

const kept = (before: readonly unknown[], after: readonly unknown[]): readonly unknown[] => (after.every((item, i) => item === before[i]) ? before : after);

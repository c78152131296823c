import type { ByteRange } from '../../platform/storage/file-store.js';

/** Reads a Range header: a part of the file, `undefined` for the whole file, `'unsatisfiable'` when the part lies outside it. */
export function byteRangeOf(header: string | undefined, size: number): ByteRange | undefined | 'unsatisfiable' {
  // Several ranges at once, or another unit: RFC 9110 lets us answer with the whole file.
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [from, to] = [match[1]!, match[2]!];
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || end < start || (from === '' && Number(to) === 0)) return 'unsatisfiable';
  return { start, end };
}

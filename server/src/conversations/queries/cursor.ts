import { invalid } from '../../platform/http/problem.js';
import type { Sort } from './list.dto.js';

/** Where a page ended: its sort, which part of it, and the sort keys of the last row (microseconds, then the id). */
export interface Cursor { sort: Sort; phase: number; keys: number[] }

export const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify([cursor.sort, cursor.phase, ...cursor.keys])).toString('base64url');

/** Reads a cursor that this list has given out. Throws Problem `invalid` for anything else. */
export function decodeCursor(text: string, sort: Sort, keysOfPhase: readonly number[]): Cursor {
  try {
    const [given, phase, ...keys] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, number, ...number[]];
    if (given === sort && keysOfPhase[phase] === keys.length && keys.every((key) => Number.isSafeInteger(key))) return { sort, phase, keys };
  } catch {
    // Not ours: answered below.
  }
  throw invalid('cursor', 'is not one of this list');
}

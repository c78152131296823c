import { isDeepStrictEqual } from 'node:util';

/** What an event says has changed, by its key on the wire: as it was, and as it is since. */
export type Changes = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

/** What differs between two states of one thing, of the keys that the later one names. */
export function changesBetween(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Changes {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => !isDeepStrictEqual(before[key], value)).map(([key, value]) => [key, [before[key], value] as const]));
}

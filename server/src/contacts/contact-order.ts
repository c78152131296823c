import { invalid } from '../platform/http/problem.js';
import type { Params } from '../platform/database/params.js';
import type { CONTACT_SORTS, ListContacts } from './contact.dto.js';
import type { ContactRow } from './contacts.repository.js';

export type Sort = ListContacts['sort'];
type Key = (typeof CONTACT_SORTS)[number];

/** What a list of people is sorted by. Where it may be missing, those without it come last, by id. */
const COLUMN: Record<Key, { sql: string; isOptional: boolean }> = {
  // search_text begins with the folded name and has the index that a plain name lacks.
  name: { sql: 'c.search_text COLLATE "C"', isOptional: false }, email: { sql: 'c.email', isOptional: true }, phone_number: { sql: 'c.phone_number', isOptional: true },
  last_activity_at: { sql: 'c.last_activity_at', isOptional: true }, created_at: { sql: 'c.id', isOptional: false },
  // Columns made from the attributes of these names.
  city: { sql: 'c.city', isOptional: true }, country: { sql: 'c.country', isOptional: true }, company_name: { sql: 'c.company_name', isOptional: true },
};

const keyOf = (sort: Sort): Key => sort.replace('-', '') as Key;
const isDown = (sort: Sort): boolean => sort.startsWith('-');

/** The whole order, for pages by number. */
export function orderBy(sort: Sort): string {
  const direction = isDown(sort) ? 'DESC' : 'ASC';
  return `${COLUMN[keyOf(sort)].sql} ${direction} NULLS LAST, c.id ${direction}`;
}

/** Where a page of people ended: the sort, whether it was among those without its key, the key and the id of the last. */
export interface ContactCursor { sort: Sort; among: 'with' | 'without'; key: string; id: number }

export const encodeContactCursor = (cursor: ContactCursor): string => Buffer.from(JSON.stringify([cursor.sort, cursor.among, cursor.key, cursor.id])).toString('base64url');

/** Reads a cursor that this list has given out. Throws Problem `invalid` for anything else. */
export function decodeContactCursor(text: string, sort: Sort): ContactCursor {
  try {
    const [given, among, key, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    if (given === sort && (among === 'with' || among === 'without') && typeof key === 'string' && !key.includes('\0') && key.isWellFormed() && Number.isSafeInteger(id)
      && (keyOf(sort) !== 'last_activity_at' || /^\d{1,17}$|^$/.test(key))) return { sort, among, key, id: id as number };
  } catch {
    // Not ours: answered below.
  }
  throw invalid('cursor', 'is not one of this list');
}

/** A row with its sort key as text, exact: a JavaScript Date would lose digits, and paging would repeat or skip rows. */
export interface KeyedContact extends ContactRow { sort_key: string }

/** Condition, order and key of the next rows among those that have the sort key, or those that have not. */
export function stretch(sort: Sort, among: ContactCursor['among'], after: ContactCursor | undefined, params: Params): { where: string; order: string; key: string } {
  const key = keyOf(sort);
  const { sql, isOptional } = COLUMN[key];
  const [operator, direction] = isDown(sort) ? ['<', 'DESC'] : ['>', 'ASC'];
  const from = after?.among === among ? after : undefined;
  if (among === 'without') {
    return { where: `${sql} IS NULL${from ? ` AND c.id ${operator} ${params.add(from.id)}` : ''}`, order: `c.id ${direction}`, key: `''` };
  }
  const isMoment = key === 'last_activity_at';
  const bound = (value: string): string => isMoment ? `to_timestamp(0) + ${value}::bigint * interval '1 microsecond'` : key === 'created_at' ? `${value}::bigint` : `${value}::text`;
  const conditions = [...(isOptional ? [`${sql} IS NOT NULL`] : []), ...(from ? [`(${sql}, c.id) ${operator} (${bound(params.add(from.key))}, ${params.add(from.id)})`] : [])];
  return {
    where: conditions.join(' AND ') || 'true',
    // NULLS FIRST or LAST as the index has it, read forwards or backwards; there are none here.
    order: `${sql} ${direction}${isMoment ? ` NULLS ${isDown(sort) ? 'LAST' : 'FIRST'}` : ''}, c.id ${direction}`,
    key: isMoment ? `((extract(epoch FROM ${sql}) * 1000000)::bigint)::text` : `${sql}::text`,
  };
}

/** The stretches of a list in their order, from where the cursor stands. */
export function stretches(sort: Sort, after: ContactCursor | undefined): ContactCursor['among'][] {
  const all: ContactCursor['among'][] = COLUMN[keyOf(sort)].isOptional ? ['with', 'without'] : ['with'];
  return all.slice(after ? all.indexOf(after.among) : 0);
}

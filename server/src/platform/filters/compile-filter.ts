import { Params } from '../database/params.js';
import { unprocessable } from '../http/problem.js';
import type { Condition, Operator } from './filter.dto.js';
import { dayBefore, type FilterField } from './filter-field.js';

/** What a filter is compiled against. */
export interface FilterSetting {
  /** The field of a condition, or undefined when nothing is called so here. */
  field(condition: Condition): FilterField | undefined;
  /** For the error that names them. */
  names: readonly string[];
  now: Date;
  /** Whether this attribute has just changed so; only where something changes. */
  hasChanged?(condition: Condition): boolean;
  /** Whether so many rows meet the condition that looking at rows finds them sooner than an index. */
  isCommon?(condition: Condition): boolean;
}

const NEGATIONS: Partial<Record<Operator, Operator>> = { not_equal_to: 'equal_to', does_not_contain: 'contains', is_not_present: 'is_present' };
const COMPARISONS: readonly Operator[] = ['equal_to', 'is_greater_than', 'is_less_than'];
/** Operators that look into texts. */
export const SEARCHES: readonly string[] = ['contains', 'does_not_contain', 'starts_with'];
const WITHOUT_VALUES = ['is_present', 'is_not_present', 'attribute_changed'];

/**
 * A filter as one SQL condition, true where it holds and false or NULL elsewhere, with its values in `params`. Throws Problem `unprocessable` saying what is wrong
 * with it; no condition at all matches everything. `finds` is for a statement that looks for the rows `c`, not for one that has them in hand;
 * `atMost` says that nothing else is asked of them, and that so many will do.
 */
export function compileFilter(conditions: readonly Condition[], setting: FilterSetting, params: Params, { finds = false, atMost }: { finds?: boolean; atMost?: number } = {}): string {
  // What an index finds is of use only where all else is asked of what it found.
  const canLead = finds && isConjunction(conditions);
  return joined(conditions, (condition) => {
    const known = knownIn(condition, setting);
    if (typeof known === 'string') return known;
    const { field, positive, isNegated, values } = known;
    const ids = canLead && !isNegated && !isPlain(known) && !setting.isCommon?.(condition) ? field.ids?.(params, positive, values) : undefined;
    // One value of one condition names nothing twice.
    if (ids) return `c.id IN (${ids}${atMost && conditions.length === 1 && values.length <= 1 && !SEARCHES.includes(positive) ? ` LIMIT ${atMost}` : ''})`;
    const sql = field.sql(params, positive, values);
    // Comparing with nothing gives neither true nor false; here the absent is simply not equal. What is asked for plainly stays bare, so that an index can answer it: neither is as good as false.
    return isNegated ? `(${sql}) IS NOT TRUE` : `(${sql})`;
  });
}

/** The SELECT of the ids that meet a condition, or that do not. */
export interface IdSet { ids: string; isNegated: boolean }
export interface CompiledSets { sql: string; sets: IdSet[] }

/** The same said by nothing but sets of ids, for rows of which no more than the id is read, and those sets; undefined where a condition is in no index. */
export function compileSets(conditions: readonly Condition[], setting: FilterSetting, params: Params): CompiledSets | undefined {
  const sets: IdSet[] = [];
  if (!conditions.every((condition) => setOf(condition, setting, new Params()))) return undefined;
  // In this form a set is gathered once, and asked of each row that comes along in the order of the list.
  const sql = joined(conditions, (condition) => {
    const set = setOf(condition, setting, params)!;
    sets.push(set);
    return `(c.id IN (${set.ids})) IS ${set.isNegated ? 'NOT TRUE' : 'TRUE'}`;
  });
  return { sql, sets };
}

/** The SELECT of the ids of all that meet the filter, each of them once, where it says one thing that an index answers. */
export function onlyIds(conditions: readonly Condition[], setting: FilterSetting, params: Params): string | undefined {
  const [only, ...others] = conditions;
  const known = only && others.length === 0 && !SEARCHES.includes(only.filter_operator) ? knownIn(only, setting) : '';
  if (typeof known === 'string' || known.isNegated || known.values.length > 1 || isPlain(known)) return undefined;
  return known.field.ids?.(params, known.positive, known.values);
}

/** The parts of which a row has to meet one, if an index finds the rows of each; the whole where it does not. */
export function alternatives(conditions: readonly Condition[], setting: FilterSetting): Condition[][] {
  const parts: Condition[][] = [[]];
  for (const condition of conditions) {
    parts.at(-1)!.push(condition);
    if (condition !== conditions.at(-1) && !isAnd(condition)) parts.push([]);
  }
  return parts.every((part) => part.some((condition) => isFoundByIndex(condition, setting))) ? parts : [[...conditions]];
}

const isAnd = ({ query_operator: operator }: Condition): boolean => (operator || 'and').toLowerCase() === 'and';
/** Whether every condition has to hold. */
export const isConjunction = (conditions: readonly Condition[]): boolean => conditions.slice(0, -1).every(isAnd);

function joined(conditions: readonly Condition[], one: (condition: Condition) => string): string {
  const parts = conditions.map((condition, n) => `${one(condition)}${n < conditions.length - 1 ? joiner(condition) : ''}`);
  return parts.length === 0 ? 'true' : `(${parts.join('')})`;
}

interface Known { field: FilterField; positive: Operator; isNegated: boolean; values: (string | number | null)[] }

/** What a condition says, or the answer where it is known beforehand. */
function knownIn(condition: Condition, setting: FilterSetting): Known | string {
  const { attribute_key: key, filter_operator: operator } = condition;
  if (operator === 'attribute_changed' && setting.hasChanged) return String(setting.hasChanged(condition));
  const field = setting.field(condition);
  if (!field) throw unprocessable(`Invalid attribute key - [${key}]. The key should be one of [${setting.names.join(',')}] or a custom attribute defined in the account.`);
  if (!(field.operators as readonly string[]).includes(operator)) throw unprocessable(`Invalid operator. The allowed operators for ${key} are [${field.operators.join(',')}].`);
  const known = operator as Operator;
  return { field, positive: NEGATIONS[known] ?? (known === 'days_before' ? 'is_less_than' : known), isNegated: known in NEGATIONS, values: readValues(condition, field, setting.now) };
}

/** Whether an index answers it as it stands. */
const isPlain = ({ field, positive }: Known): boolean => field.isIndexed === true && COMPARISONS.includes(positive);

function setOf(condition: Condition, setting: FilterSetting, params: Params): IdSet | undefined {
  const known = knownIn(condition, setting);
  const ids = typeof known === 'string' || setting.isCommon?.(condition) ? undefined : known.field.ids?.(params, known.positive, known.values);
  return ids === undefined ? undefined : { ids, isNegated: (known as Known).isNegated };
}

function isFoundByIndex(condition: Condition, setting: FilterSetting): boolean {
  const known = knownIn(condition, setting);
  if (typeof known === 'string' || known.isNegated) return false;
  return isPlain(known) ? !known.values.includes(null) : setOf(condition, setting, new Params()) !== undefined;
}

function readValues(condition: Condition, field: FilterField, now: Date): (string | number | null)[] {
  const { attribute_key: key, filter_operator: operator, values: given } = condition;
  if (WITHOUT_VALUES.includes(operator)) return [];
  if (!Array.isArray(given) || given.length === 0) throw wrong(key);
  const values = operator === 'days_before' ? [dayBefore(now, given[0])] : given.map((value) => field.read(value));
  const read = values.filter((value) => value !== undefined);
  if (read.length !== values.length) throw wrong(key);
  return read;
}

function joiner({ query_operator: operator }: Condition): string {
  const upper = (operator || 'and').toUpperCase();
  if (upper !== 'AND' && upper !== 'OR') throw unprocessable('Query operator must be either "AND" or "OR".');
  return ` ${upper} `;
}

const wrong = (key: string) => unprocessable(`Invalid value. The values provided for ${key} are invalid`);

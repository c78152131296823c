import type { Params } from '../database/params.js';
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
}

const NEGATIONS: Partial<Record<Operator, Operator>> = { not_equal_to: 'equal_to', does_not_contain: 'contains', is_not_present: 'is_present' };
const WITHOUT_VALUES = ['is_present', 'is_not_present', 'attribute_changed'];

/**
 * A filter as one SQL condition, true where it holds and false or NULL elsewhere, with its values in `params`. Throws Problem `unprocessable` saying what is wrong
 * with it; no condition at all matches everything. `byIndex` is for a statement that looks for the rows, not for one that has them in hand.
 */
export function compileFilter(conditions: readonly Condition[], setting: FilterSetting, params: Params, { byIndex = false } = {}): string {
  // What an index finds is of use only where all else is asked of what it found.
  const canLead = byIndex && isConjunction(conditions);
  const parts = conditions.map((condition, n) => ({ sql: one(condition, setting, params, canLead), joins: n < conditions.length - 1 ? joiner(condition) : '' }));
  return parts.length === 0 ? 'true' : `(${parts.map(({ sql, joins }) => `${sql}${joins}`).join('')})`;
}

/** Whether every condition has to hold. */
export const isConjunction = (conditions: readonly Condition[]): boolean => conditions.slice(0, -1).every(({ query_operator: operator }) => (operator || 'and').toLowerCase() === 'and');

function one(condition: Condition, setting: FilterSetting, params: Params, byIndex: boolean): string {
  const { attribute_key: key, filter_operator: operator } = condition;
  if (operator === 'attribute_changed' && setting.hasChanged) return String(setting.hasChanged(condition));
  const field = setting.field(condition);
  if (!field) throw unprocessable(`Invalid attribute key - [${key}]. The key should be one of [${setting.names.join(',')}] or a custom attribute defined in the account.`);
  if (!(field.operators as readonly string[]).includes(operator)) throw unprocessable(`Invalid operator. The allowed operators for ${key} are [${field.operators.join(',')}].`);
  const known = operator as Operator;
  const positive = NEGATIONS[known] ?? (known === 'days_before' ? 'is_less_than' : known);
  const values = readValues(condition, field, setting.now);
  const found = byIndex && positive === operator ? field.byIndex?.(params, positive, values) : undefined;
  if (found) return found;
  const sql = field.sql(params, positive, values);
  // Comparing with nothing gives neither true nor false; here the absent is simply not equal. What is asked for plainly stays bare, so that an index can answer it: neither is as good as false.
  return NEGATIONS[known] ? `(${sql}) IS NOT TRUE` : `(${sql})`;
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

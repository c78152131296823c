import type { Params } from '../database/params.js';
import { calendarDay } from './calendar-day.js';
import type { Operator } from './filter.dto.js';

type Scalar = string | number | boolean;
/** What a value of a condition becomes in the statement; undefined when it is none for this field. */
type Read = (value: Scalar) => string | number | null | undefined;

/** Something that can be filtered by: which operators it allows, and how each is said in SQL. A condition on what is absent may be unknown. */
export interface FilterField {
  operators: readonly Operator[];
  read: Read;
  /** The condition, negations aside; `negated` of the engine wraps them. */
  sql(params: Params, operator: Operator, values: (string | number | null)[]): string;
  /** A SELECT of the ids of all rows that meet it, answered by an index; dear to ask of one row at a time. Undefined when there is none. */
  ids?(params: Params, operator: Operator, values: (string | number | null)[]): string | undefined;
  /** Whether an index answers its comparisons as `sql` says them. */
  isIndexed?: boolean;
}
type Expression = (params: Params) => string;

const PRESENCE = ['is_present', 'is_not_present'] as const;
const EQUALITY = ['equal_to', 'not_equal_to'] as const;
const MAX_DAYS = 36_500;

const readText: Read = (value) => String(value);
const readInteger: Read = (value) => {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
};
const readNumber: Read = (value) => {
  const number = typeof value === 'string' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) < 1e15 ? number : undefined;
};
const readBoolean: Read = (value) => (value === true || value === 'true' ? 'true' : value === false || value === 'false' ? 'false' : undefined);
const readDay: Read = (value) => (typeof value === 'string' ? calendarDay(value) : undefined);

/** Text, compared without regard to capitals. Empty text counts as absent. */
export function textField(expression: Expression): FilterField {
  return {
    operators: [...EQUALITY, 'contains', 'does_not_contain', 'starts_with', ...PRESENCE], read: readText,
    sql: (params, operator, values) => {
      const column = expression(params);
      if (operator === 'is_present') return `(${column}) <> ''`;
      // One value, as nearly always, is compared plainly: a list would be read again for every row.
      if (values.length === 1) {
        const value = `lower(${params.add(values[0])}::text)`;
        return operator === 'equal_to' ? `lower(${column}) = ${value}` : operator === 'starts_with' ? `starts_with(lower(${column}), ${value})` : `strpos(lower(${column}), ${value}) > 0`;
      }
      const list = `(SELECT lower(v) AS v FROM unnest(${params.add(values)}::text[]) v) w`;
      if (operator === 'equal_to') return `lower(${column}) IN (SELECT w.v FROM ${list})`;
      return `EXISTS (SELECT FROM ${list} WHERE ${operator === 'starts_with' ? `starts_with(lower(${column}), w.v)` : `strpos(lower(${column}), w.v) > 0`})`;
    },
  };
}

/** A phone number as it is stored. */
export const withPlus = (value: string | number | null): string => `+${String(value).trim().replace(/^\++/, '')}`;

/** A phone number as it is stored, beginning with a plus; asked for with one or, as Chatwoot's clients do, without. */
export function phoneField(expression: Expression): FilterField {
  const plain = textField(expression);
  return { ...plain, sql: (params, operator, values) => plain.sql(params, operator, operator === 'contains' ? values : values.map(withPlus)) };
}

/** A value that is only ever the same or another: an id, a code. `read` says what is written for it, null that it says nothing. */
export function codeField(expression: Expression, read: Read = readInteger, sqlType = 'bigint'): FilterField {
  return {
    operators: [...EQUALITY, ...PRESENCE], read,
    sql: (params, operator, values) => {
      if (operator === 'is_present') return `(${expression(params)}) IS NOT NULL`;
      if (values.includes(null)) return 'true';
      return values.length === 1 ? `(${expression(params)}) = ${params.add(values[0])}::${sqlType}` : `(${expression(params)}) = ANY (${params.add(values)}::${sqlType}[])`;
    },
  };
}

/** True or false; what is absent is neither. */
export const booleanField = (expression: Expression): FilterField => codeField((params) => `lower((${expression(params)})::text)`, readBoolean, 'text');

/** Compared in double precision, as JavaScript and JSON have numbers. */
export function numberField(expression: Expression): FilterField {
  return {
    operators: [...EQUALITY, ...PRESENCE, 'is_greater_than', 'is_less_than'], read: readNumber,
    sql: (params, operator, values) => {
      const column = expression(params);
      if (operator === 'is_present') return `${column} IS NOT NULL`;
      if (operator === 'equal_to') return `${column} = ANY (${params.add(values)}::float8[])`;
      return `${column} ${operator === 'is_greater_than' ? '>' : '<'} ${params.add(values[0])}::float8`;
    },
  };
}

/** A number that people also search by its digits. */
export function runningNumberField(expression: Expression): FilterField {
  const code = codeField(expression);
  const digits = textField((params) => `(${expression(params)})::text`);
  return {
    operators: [...EQUALITY, 'contains', 'does_not_contain', ...PRESENCE], read: readInteger,
    sql: (params, operator, values) => (operator === 'contains' ? digits.sql(params, operator, values.map(String)) : code.sql(params, operator, values)),
  };
}

/** A calendar day in UTC. `isMoment`: the column is a time of which the day counts. */
export function dayField(expression: Expression, { isMoment }: { isMoment: boolean }): FilterField {
  return {
    operators: [...(isMoment ? [] : EQUALITY), ...PRESENCE, 'is_greater_than', 'is_less_than', 'days_before'], read: readDay,
    sql: (params, operator, values) => {
      const column = expression(params);
      if (operator === 'is_present') return `${column} IS NOT NULL`;
      if (operator === 'equal_to') return `${column} = ANY (${params.add(values)}::date[])`;
      const day = `${params.add(values[0])}::date`;
      // A time is compared with a time, so that an index on the column can be walked.
      const border = isMoment ? `((${day}${operator === 'is_greater_than' ? ' + 1' : ''})::timestamp AT TIME ZONE 'UTC')` : day;
      return `${column} ${operator === 'is_greater_than' ? (isMoment ? '>=' : '>') : '<'} ${border}`;
    },
  };
}

/** Some of many, found by a table of links or an array; `any` says in SQL that one of these texts is among them. */
export function setField(any: (params: Params, list: string) => string, some: Expression): FilterField {
  return {
    operators: [...EQUALITY, ...PRESENCE], read: readText,
    sql: (params, operator, values) => (operator === 'is_present' ? some(params) : any(params, `${params.add(values.map((v) => String(v).toLowerCase()))}::text[]`)),
  };
}

/** The day so many days before now; undefined when it is no such number. */
export function dayBefore(now: Date, days: Scalar | undefined): string | undefined {
  const number = days === undefined ? undefined : readInteger(days);
  if (typeof number !== 'number' || number < 0 || number > MAX_DAYS) return undefined;
  return new Date(now.getTime() - number * 86_400_000).toISOString().slice(0, 10);
}

import type { Params } from '../../platform/database/params.js';
import { SEARCHES } from '../../platform/filters/compile-filter.js';
import type { Operator } from '../../platform/filters/filter.dto.js';
import type { FilterField } from '../../platform/filters/filter-field.js';
import { ATTRIBUTE_TYPES } from './attribute-types.js';

/** The tables keep so many characters of a value, or more than twice as many; small letters can be more than the capitals they stand for. */
export const LONGEST = 99;

/** Where attributes have a row for each value, of what, and what searches in them. */
const TABLES = {
  conversations: { name: 'conversation_attributes', id: 'conversation_id', search: 'attribute_ids' },
  contacts: { name: 'contact_attributes', id: 'contact_id', search: 'contact_attribute_ids' },
} as const;
type Of = keyof typeof TABLES;
type Values = (string | number | null)[];

/** Those with such a value under this key, by the table of attributes: exactly those that the attribute's `field` lets through. */
export function attributeIds(of: Of, key: string, type: (typeof ATTRIBUTE_TYPES)[number], field: FilterField): FilterField['ids'] {
  const table = TABLES[of];
  const column = type === 'date' ? { name: 'day', sqlType: 'date' } : ['number', 'currency', 'percent'].includes(type) ? { name: 'number', sqlType: 'float8' } : { name: 'value', sqlType: 'text' };
  return (params, operator, values) => {
    const given = (value: unknown): string => (column.name === 'value' ? `lower(${params.add(value)}::text)` : `${params.add(value)}::${column.sqlType}`);
    const found = (condition: string): string => `SELECT a.${table.id} FROM ${table.name} a WHERE a.account_id = $1 AND a.key = ${params.add(key)} AND ${condition}`;
    if (column.name === 'value' && values.some((value) => String(value).length > LONGEST)) return undefined;
    if (SEARCHES.includes(operator)) return searched(of, params, operator, values, (pattern) => `${table.search}(${params.add(key)}, ${pattern})`, found('length(a.value) = 200'), field);
    const conditions: Partial<Record<Operator, () => string>> = {
      equal_to: () => (values.length === 1 ? `a.${column.name} = ${given(values[0])}` : `a.${column.name} IN (${values.map(given).join(', ')})`),
      is_greater_than: () => `a.${column.name} > ${given(values[0])}`,
      is_less_than: () => `a.${column.name} < ${given(values[0])}`,
      is_present: () => (column.name !== 'value' ? `a.${column.name} IS NOT NULL` : type === 'checkbox' ? 'true' : "a.value > ''"),
    };
    const condition = conditions[operator]?.();
    return condition && found(condition);
  };
}

/** Whether an index of three characters at a time can look for the text. */
export const canSearch = (operator: Operator, text: string): boolean => [...text].length >= (operator === 'starts_with' ? 1 : 3);

/** Those that an index of parts of words finds, and those of the cut ones that hold it in full. */
export function searched(of: Of, params: Params, operator: Operator, values: Values, inIndex: (pattern: string) => string, cut: string, field: FilterField): string {
  // Not UNION ALL, which the planner takes for 200 different ids whatever is in it.
  const found = values.map((value) => `SELECT f.id FROM ${inIndex(likeness(`lower(${params.add(value)}::text)`, operator))} f`);
  return `${found.join(' UNION ')} UNION SELECT c.id FROM ${of} c WHERE c.account_id = $1 AND c.id IN (${cut}) AND ${field.sql(params, operator, values)}`;
}

/** The pattern of texts that hold this one, or begin with it. */
const likeness = (text: string, operator: Operator): string => `${operator === 'starts_with' ? '' : `'%' || `}${literally(text)} || '%'`;
/** A text as part of a pattern, where it stands for nothing but itself. */
export const literally = (text: string): string => `replace(replace(replace(${text}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;

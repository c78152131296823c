import { ATTRIBUTE_TYPES } from '../../contacts/attributes/attribute-types.js';
import type { AttributeRow } from '../../contacts/attributes/attributes.repository.js';
import type { Operator } from '../../platform/filters/filter.dto.js';
import type { FilterField } from '../../platform/filters/filter-field.js';

/** The table keeps 200 characters of a value; small letters can be more than the capitals they stand for. */
const LONGEST = 99;

/** How the conversations `c` with such a value in this attribute are found by the table of attributes: exactly those that the attribute's field lets through. */
export function attributeIndex(row: AttributeRow): FilterField['byIndex'] {
  const type = ATTRIBUTE_TYPES[row.display_type]!;
  const column = type === 'date' ? { name: 'day', sqlType: 'date' } : ['number', 'currency', 'percent'].includes(type) ? { name: 'number', sqlType: 'float8' } : { name: 'value', sqlType: 'text' };
  return (params, operator, values) => {
    const given = (value: unknown): string => (column.name === 'value' ? `lower(${params.add(value)}::text)` : `${params.add(value)}::${column.sqlType}`);
    const found = (condition: string): string => `c.id IN (SELECT a.conversation_id FROM conversation_attributes a WHERE a.account_id = $1 AND a.key = ${params.add(row.key)} AND ${condition})`;
    if (column.name === 'value' && values.some((value) => String(value).length > LONGEST)) return undefined;
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

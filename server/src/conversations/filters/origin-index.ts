import { LONGEST, searched } from '../../contacts/attributes/attribute-index.js';
import type { Params } from '../../platform/database/params.js';
import { SEARCHES } from '../../platform/filters/compile-filter.js';
import type { Operator } from '../../platform/filters/filter.dto.js';
import type { FilterField } from '../../platform/filters/filter-field.js';

/** The conversations with such a text where they came from. */
export function originIds(key: string, field: FilterField): FilterField['ids'] {
  const from = (condition: string): string => `SELECT o.conversation_id FROM conversation_origins o WHERE o.account_id = $1 AND ${condition}`;
  return (params, operator, values) => {
    if (values.some((value) => String(value).length > LONGEST)) return undefined;
    if (SEARCHES.includes(operator)) return searched('conversations', params, operator, values, (pattern) => `origin_ids('${key}', ${pattern})`, from('o.is_cut'), field);
    if (operator === 'is_present') return from(`o.${key} > ''`);
    return operator === 'equal_to' ? from(`o.${key} IN (${values.map((value) => `lower(${params.add(value)}::text)`).join(', ')})`) : undefined;
  };
}

/** Conversations whose number holds these digits: with any others before and after them, up to the last number given. Fewer digits are in so many that looking at rows finds them. */
export function numberIds(params: Params, operator: Operator, values: (string | number | null)[]): string | undefined {
  if (operator !== 'contains' || !values.every((value) => /^\d{3,9}$/.test(String(value)))) return undefined;
  return values.map((value) => {
    const digits = String(value).length;
    const from = `p * (${10 ** digits} * 10 ^ t)::bigint + ${params.add(value)}::bigint * (10 ^ t)::bigint`;
    return `SELECT n.id FROM conversations n WHERE n.account_id = $1 AND n.display_id = ANY (ARRAY(SELECT (f.first + r)::int
      FROM account_counters k, generate_series(0, ${9 - digits}) t, generate_series(0, (k.value / (${10 ** digits} * 10 ^ t))::bigint) p, LATERAL (SELECT ${from} AS first) f,
        generate_series(0, least((10 ^ t)::bigint - 1, k.value - f.first)) r WHERE k.account_id = $1 AND k.kind = 1))`;
  }).join(' UNION ALL ');
}

import { canSearch, LONGEST, searched } from '../../contacts/attributes/attribute-index.js';
import type { Params } from '../../platform/database/params.js';
import { SEARCHES } from '../../platform/filters/compile-filter.js';
import type { Operator } from '../../platform/filters/filter.dto.js';
import type { FilterField } from '../../platform/filters/filter-field.js';

/** Of these an account has few values: all of them are looked through. */
const FEW_VALUES = ['campaign_id', 'browser_language', 'conversation_language'];

/** The conversations with such a text where they came from. */
export function originIds(key: string, field: FilterField): FilterField['ids'] {
  const from = (condition: string): string => `SELECT o.conversation_id FROM conversation_origins o WHERE o.account_id = $1 AND ${condition}`;
  return (params, operator, values) => {
    if (values.some((value) => String(value).length > LONGEST)) return undefined;
    if (SEARCHES.includes(operator)) {
      const inIndex = (pattern: string): string => (FEW_VALUES.includes(key) ? `(${from(`o.${key} = ANY (ARRAY(${valuesLike(key, pattern)}))`).replace('conversation_id', 'conversation_id AS id')})` : `origin_ids('${key}', ${pattern})`);
      return FEW_VALUES.includes(key) || values.every((value) => canSearch(operator, String(value))) ? searched('conversations', params, operator, values, inIndex, from('o.is_cut'), field) : undefined;
    }
    if (operator === 'is_present') return from(`o.${key} > ''`);
    return operator === 'equal_to' ? from(`o.${key} IN (${values.map((value) => `lower(${params.add(value)}::text)`).join(', ')})`) : undefined;
  };
}

/** The values there are, one step of the index each. */
const valuesLike = (key: string, pattern: string): string => `WITH RECURSIVE v AS (
  (SELECT o.${key} AS text FROM conversation_origins o WHERE o.account_id = $1 AND o.${key} IS NOT NULL ORDER BY o.${key} LIMIT 1)
  UNION ALL SELECT (SELECT o.${key} FROM conversation_origins o WHERE o.account_id = $1 AND o.${key} > v.text ORDER BY o.${key} LIMIT 1) FROM v WHERE v.text IS NOT NULL)
  SELECT v.text FROM v WHERE v.text LIKE ${pattern}`;

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

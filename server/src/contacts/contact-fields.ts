import type { Condition } from '../platform/filters/filter.dto.js';
import { booleanField, dayField, phoneField, setField, textField, withPlus, type FilterField } from '../platform/filters/filter-field.js';
import type { FilterSetting } from '../platform/filters/compile-filter.js';
import { attributeField } from './attributes/attribute-fields.js';
import { attributeIds, canSearch, literally, LONGEST } from './attributes/attribute-index.js';
import { ATTRIBUTE_TYPES } from './attributes/attribute-types.js';
import type { AttributeRow } from './attributes/attributes.repository.js';

const additional = (alias: string, key: string): FilterField => textField(() => `${alias}.additional_attributes->>'${key}'`);

/** What contacts can be filtered by. The account is $1. */
export function contactFields(alias: string): Record<string, FilterField> {
  const column = (name: string) => () => `${alias}.${name}`;
  return {
    name: textField(column('name')), email: textField(column('email')), phone_number: phoneField(column('phone_number')), identifier: textField(column('identifier')),
    country_code: additional(alias, 'country_code'), city: additional(alias, 'city'), company_name: additional(alias, 'company_name'), blocked: booleanField(column('blocked')),
    created_at: dayField(column('created_at'), { isMoment: true }), last_activity_at: dayField(column('last_activity_at'), { isMoment: true }),
    labels: setField((_params, list) => `${alias}.label_ids && (SELECT coalesce(array_agg(l.id), '{}') FROM labels l WHERE l.account_id = $1 AND l.title = ANY (${list}))`,
      () => `EXISTS (SELECT FROM labels l WHERE l.account_id = $1 AND l.id = ANY (${alias}.label_ids))`),
  };
}

/** The same for contacts `c`, with the indexes that find them. */
function indexedFields(): Record<string, FilterField> {
  const fields = contactFields('c');
  const { email, phone_number: phone, labels, blocked } = fields as Record<'email' | 'phone_number' | 'labels' | 'blocked', FilterField>;
  const placed = (key: string): FilterField => ({ ...fields[key]!, ids: attributeIds('contacts', `/${key}`, 'text', fields[key]!) });
  const indexed = (field: FilterField): FilterField => ({ ...field, isIndexed: true });
  // As they are stored: in small letters, and with nothing but digits.
  const plainly = (field: FilterField, column: string, stored: (value: string) => string): FilterField => ({
    ...field, sql: (params, operator, values) => (operator === 'equal_to' ? `c.${column} IN (${values.map((value) => `lower(${params.add(stored(String(value)))}::text)`).join(', ')})` : field.sql(params, operator, values)),
  });
  return {
    ...fields, name: { ...fields['name']!, ids: namedIds(fields['name']!, 'first') }, identifier: { ...fields['identifier']!, ids: namedIds(fields['identifier']!, 'last') },
    email: indexed(plainly({ ...email, ids: namedIds(email) }, 'email', (value) => value)),
    phone_number: indexed(plainly({ ...phone, ids: namedIds(phone) }, 'phone_number', withPlus)),
    country_code: placed('country_code'), city: placed('city'), company_name: placed('company_name'),
    blocked: indexed({ ...blocked, sql: (params, operator, values) => (operator === 'is_present' || values.length !== 1 ? blocked.sql(params, operator, values) : values[0] === 'true' ? 'c.blocked' : 'NOT c.blocked') }),
    created_at: indexed(fields['created_at']!), last_activity_at: indexed(fields['last_activity_at']!),
    labels: {
      ...labels, ids: (params, operator, values) => (operator === 'equal_to' ? `SELECT a.contact_id FROM labels l JOIN contact_attributes a ON a.account_id = $1 AND a.key = '/label' AND a.number = l.id
        WHERE l.account_id = $1 AND l.title = ANY (${params.add(values.map((value) => String(value).toLowerCase()))}::text[])` : undefined),
    },
  };
}

/**
 * Those whose names, addresses, numbers and identifiers, which stand in this order in one text, hold what is sought; of them, those that meet the condition.
 * What is first or last there begins or ends it. The name is kept without accents.
 */
const namedIds = (field: FilterField, place?: 'first' | 'last'): FilterField['ids'] => (params, operator, values) => {
  // A number may be given with a plus or without, and with space around it.
  const sought = values.map((value) => (place ? String(value) : String(value).trim().replace(/^\++/, '')));
  if (operator === 'is_present' || !sought.every((text) => canSearch('contains', text) && text.length <= LONGEST)) return undefined;
  const isWhole = operator === 'equal_to' && place !== undefined;
  const begins = place !== undefined && (isWhole || operator === 'starts_with');
  const before = !begins ? "'%' || " : place === 'last' ? "'% ' || " : '';
  const after = !isWhole ? " || '%'" : place === 'first' ? " || ' %'" : '';
  const found = sought.map((value) => {
    const text = `${params.add(value)}::text`;
    return `SELECT f.id FROM named_contact_ids(${before}${literally(`lower(${place === 'first' ? `unaccent(${text})` : text})`)}${after}) f`;
  });
  return `SELECT c.id FROM contacts c WHERE c.account_id = $1 AND c.id IN (${found.join(' UNION ALL ')}) AND ${field.sql(params, operator, values)}`;
};

/** Contacts `c` and the attributes their account has defined for them. */
export function contactSetting(defined: readonly AttributeRow[], now: Date): FilterSetting {
  const fields = indexedFields();
  return {
    now, names: Object.keys(fields),
    field: ({ attribute_key: key }: Condition) => {
      if (Object.hasOwn(fields, key)) return fields[key];
      const row = defined.find((attribute) => attribute.key === key);
      if (!row) return undefined;
      const field = attributeField(row, 'c');
      return { ...field, ids: attributeIds('contacts', row.key, ATTRIBUTE_TYPES[row.display_type]!, field) };
    },
  };
}

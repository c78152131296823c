import type { Condition } from '../platform/filters/filter.dto.js';
import { booleanField, dayField, phoneField, setField, textField, type FilterField } from '../platform/filters/filter-field.js';
import type { FilterSetting } from '../platform/filters/compile-filter.js';
import { attributeField } from './attributes/attribute-fields.js';
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

/** Contacts `c` and the attributes their account has defined for them. */
export function contactSetting(defined: readonly AttributeRow[], now: Date): FilterSetting {
  const fields = contactFields('c');
  return {
    now, names: Object.keys(fields),
    field: ({ attribute_key: key }: Condition) => {
      if (Object.hasOwn(fields, key)) return fields[key];
      const row = defined.find((attribute) => attribute.key === key);
      return row && attributeField(row, 'c');
    },
  };
}

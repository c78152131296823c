import type { Params } from '../../platform/database/params.js';
import { booleanField, dayField, numberField, textField, type FilterField } from '../../platform/filters/filter-field.js';
import { ATTRIBUTE_TYPES } from './attribute-types.js';
import type { AttributeRow } from './attributes.repository.js';

/** How to filter by an attribute that the account has defined; `alias` is the table that holds `custom_attributes`. */
export function attributeField(row: AttributeRow, alias: string): FilterField {
  const value = (params: Params): string => `(${alias}.custom_attributes->>${params.add(row.key)}::text)`;
  switch (ATTRIBUTE_TYPES[row.display_type]!) {
    case 'text': case 'link': case 'list': return textField(value);
    case 'number': case 'currency': case 'percent': return numberField((params) => `number_in(${value(params)})::float8`);
    case 'date': return dayField((params) => `date_in(${value(params)})`, { isMoment: false });
    case 'checkbox': return booleanField(value);
  }
}

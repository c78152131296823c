import { attributeField } from '../../contacts/attributes/attribute-fields.js';
import { ATTRIBUTE_MODELS } from '../../contacts/attributes/attribute-types.js';
import type { AttributeRow } from '../../contacts/attributes/attributes.repository.js';
import { contactFields } from '../../contacts/contact-fields.js';
import { CONVERSATION_FIELDS } from '../../conversations/filters/conversation-fields.js';
import type { FilterSetting } from '../../platform/filters/compile-filter.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import { booleanField, codeField, textField, type FilterField } from '../../platform/filters/filter-field.js';
import type { RuleEvent } from './rule.dto.js';

const { labels: _labels, created_at: _created, last_activity_at: _active, blocked: _blocked, ...CONTACT } = contactFields('ct');
const MESSAGE: Record<string, FilterField> = {
  content: textField(() => 'm.content'), private_note: booleanField(() => 'm.private'),
  message_type: codeField(() => 'm.message_type', (value) => (value === 'incoming' || value === '0' ? 0 : value === 'outgoing' || value === '1' ? 1 : undefined), 'smallint'),
};

/** What a rule can ask: about the conversation `c`, its contact `ct` and, where it hears of messages, the message `m`. */
export function ruleSetting(event: RuleEvent, defined: readonly AttributeRow[], now: Date, hasChanged: (condition: Condition) => boolean): FilterSetting {
  const fields: Record<string, FilterField> = { ...CONTACT, ...CONVERSATION_FIELDS, ...(event === 'message_created' ? MESSAGE : {}) };
  return {
    now, names: Object.keys(fields), ...(event === 'conversation_updated' && { hasChanged }),
    field: ({ attribute_key: key, custom_attribute_type: type }: Condition) => {
      if (Object.hasOwn(fields, key)) return fields[key];
      const named = defined.filter((attribute) => attribute.key === key);
      const row = named.find((attribute) => ATTRIBUTE_MODELS[attribute.model] === type) ?? named[0];
      return row && attributeField(row, ATTRIBUTE_MODELS[row.model] === 'contact_attribute' ? 'ct' : 'c');
    },
  };
}

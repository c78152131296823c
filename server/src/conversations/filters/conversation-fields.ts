import { attributeField } from '../../contacts/attributes/attribute-fields.js';
import { ATTRIBUTE_MODELS } from '../../contacts/attributes/attribute-types.js';
import type { AttributeRow } from '../../contacts/attributes/attributes.repository.js';
import type { FilterSetting } from '../../platform/filters/compile-filter.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import { codeField, dayField, runningNumberField, setField, textField, type FilterField } from '../../platform/filters/filter-field.js';
import { PRIORITIES, STATUSES } from '../conversation-codes.js';

const named = (names: readonly (string | null)[]) => (value: unknown): number | undefined => {
  const code = names.indexOf(value as string);
  return code >= 0 ? code : undefined;
};
const readStatus = (value: unknown): number | null | undefined => (value === 'all' ? null : named(STATUSES)(value));
const additional = (key: string): FilterField => textField(() => `c.additional_attributes->>'${key}'`);
const id = (column: string): FilterField => codeField(() => `c.${column}`);
const linked = 'SELECT FROM conversation_labels l WHERE l.account_id = $1 AND l.conversation_id = c.id';

/** What conversations `c` can be filtered by. The account is $1. */
export const CONVERSATION_FIELDS: Record<string, FilterField> = {
  status: codeField(() => 'c.status', readStatus, 'smallint'),
  // 0 stands for none, which counts as absent.
  priority: codeField(() => 'nullif(c.priority, 0)', (value) => named(PRIORITIES)(value === 'none' ? undefined : value), 'smallint'),
  assignee_id: id('assignee_id'), inbox_id: id('inbox_id'), team_id: id('team_id'), contact_id: id('contact_id'), display_id: runningNumberField(() => 'c.display_id'),
  campaign_id: additional('campaign_id'), browser_language: additional('browser_language'), conversation_language: additional('conversation_language'), referer: additional('referer'),
  mail_subject: additional('mail_subject'),
  created_at: dayField(() => 'c.created_at', { isMoment: true }), last_activity_at: dayField(() => 'c.last_activity_at', { isMoment: true }),
  labels: setField((_params, list) => `EXISTS (${linked} AND l.label_id = ANY (ARRAY(SELECT t.id FROM labels t WHERE t.account_id = $1 AND t.title = ANY (${list}))))`,
    () => 'cardinality(c.label_ids) > 0'),
};

/** Conversations and the attributes their account has defined for them. */
export function conversationSetting(defined: readonly AttributeRow[], now: Date): FilterSetting {
  return {
    now, names: Object.keys(CONVERSATION_FIELDS),
    field: ({ attribute_key: key }: Condition) => {
      if (Object.hasOwn(CONVERSATION_FIELDS, key)) return CONVERSATION_FIELDS[key];
      const row = defined.find((attribute) => attribute.key === key && ATTRIBUTE_MODELS[attribute.model] === 'conversation_attribute');
      return row && attributeField(row, 'c');
    },
  };
}

/** The statuses a filter narrows to in any case, so that only their part of the index is walked; null when it does not. */
export function statusesOf(conditions: readonly Condition[]): number[] | null {
  if (conditions.slice(0, -1).some((condition) => condition.query_operator?.toLowerCase() === 'or')) return null;
  const narrowing = conditions.find((condition) => condition.attribute_key === 'status' && condition.filter_operator === 'equal_to');
  if (!narrowing || !Array.isArray(narrowing.values)) return null;
  const codes = narrowing.values.map(readStatus);
  return codes.every((code) => typeof code === 'number') ? [...new Set(codes)] : null;
}

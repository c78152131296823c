import type { Attribute, Condition, RuleEvent } from '../../../api/tools';
import type { Choices } from './useChoices';

/** How the value of a condition is chosen or written. */
export type ValueKind = keyof Choices | 'text' | 'number' | 'day' | 'count';
export interface Field { key: string; label: string; kind: ValueKind; operators: string[] }

const CHOSEN = ['equal_to', 'not_equal_to'];
const PRESENCE = ['is_present', 'is_not_present'];
const TEXT = ['contains', 'does_not_contain', ...CHOSEN, 'starts_with', ...PRESENCE];
const OPERATORS: Partial<Record<ValueKind, string[]>> = { text: TEXT, number: [...CHOSEN, 'is_greater_than', 'is_less_than', ...PRESENCE], day: ['is_greater_than', 'is_less_than', 'days_before', ...PRESENCE], statuses: CHOSEN, messageTypes: CHOSEN, yesNo: CHOSEN };
const operatorsOf = (kind: ValueKind): string[] => OPERATORS[kind] ?? [...CHOSEN, ...PRESENCE];

const OF_CONVERSATION: [string, ValueKind][] = [
  ['status', 'statuses'], ['priority', 'priorities'], ['assignee_id', 'agents'], ['team_id', 'teams'], ['inbox_id', 'inboxes'], ['labels', 'labels'], ['browser_language', 'text'], ['conversation_language', 'text'],
  ['referer', 'text'], ['mail_subject', 'text'], ['created_at', 'day'], ['last_activity_at', 'day'],
];
const OF_CONTACT: [string, ValueKind][] = [['email', 'text'], ['phone_number', 'text'], ['country_code', 'text'], ['city', 'text'], ['company_name', 'text']];
const OF_MESSAGE: [string, ValueKind][] = [['content', 'text'], ['message_type', 'messageTypes'], ['private_note', 'yesNo']];
const KIND_OF_ATTRIBUTE: Record<Attribute['attribute_display_type'], ValueKind> = { text: 'text', link: 'text', list: 'text', number: 'number', currency: 'number', percent: 'number', date: 'day', checkbox: 'yesNo' };

/** What a rule for this event can ask. */
export function fieldsFor(event: RuleEvent, attributes: readonly Attribute[], t: (key: string) => string): Field[] {
  const own = [...(event === 'message_created' ? OF_MESSAGE : []), ...OF_CONVERSATION, ...OF_CONTACT].map(([key, kind]): Field => ({ key, label: t(`tools.fields.${key}`), kind, operators: operatorsOf(kind) }));
  return [...own, ...attributes.map(ofAttribute)];
}

function ofAttribute(attribute: Attribute): Field {
  const kind = KIND_OF_ATTRIBUTE[attribute.attribute_display_type];
  return { key: attribute.attribute_key, label: attribute.attribute_display_name, kind, operators: operatorsOf(kind) };
}

const OF_PERSON: [string, ValueKind][] = [
  ['name', 'text'], ['email', 'text'], ['phone_number', 'text'], ['identifier', 'text'], ['company_name', 'text'], ['city', 'text'], ['country_code', 'text'], ['labels', 'labels'], ['blocked', 'yesNo'],
  ['created_at', 'day'], ['last_activity_at', 'day'],
];

/** What the list of people can be narrowed down by. */
export function fieldsOfPeople(attributes: readonly Attribute[], nameOf: (key: string) => string): Field[] {
  const own = OF_PERSON.map(([key, kind]): Field => ({ key, label: nameOf(key), kind, operators: operatorsOf(kind) }));
  return [...own, ...attributes.filter((attribute) => attribute.attribute_model === 'contact_attribute').map(ofAttribute)];
}

/** What a list of conversations can be filtered by. */
export function conversationFields(attributes: readonly Attribute[], t: (key: string) => string): Field[] {
  const own = OF_CONVERSATION.map(([key, kind]): Field => ({ key, label: t(`tools.fields.${key}`), kind, operators: operatorsOf(kind) }));
  const numbered: Field = { key: 'display_id', label: t('tools.fields.display_id'), kind: 'number', operators: [...CHOSEN, 'contains', 'does_not_contain'] };
  return [...own, numbered, { key: 'campaign_id', label: t('tools.fields.campaign_id'), kind: 'text', operators: TEXT }, ...attributes.filter((attribute) => attribute.attribute_model === 'conversation_attribute').map(ofAttribute)];
}

export const needsValue = ({ filter_operator: operator }: Condition): boolean => !['is_present', 'is_not_present', 'attribute_changed'].includes(operator);
export const newCondition = (field: Field): Condition => ({ attribute_key: field.key, filter_operator: field.operators[0]!, values: [], query_operator: null });
/** Each condition joined with the next, the last with nothing. */
export const joined = (conditions: Condition[]): Condition[] => conditions.map((condition, n) => ({ ...condition, query_operator: n === conditions.length - 1 ? null : condition.query_operator ?? 'and' }));

import { attributeField } from '../../contacts/attributes/attribute-fields.js';
import { attributeIds } from '../../contacts/attributes/attribute-index.js';
import { ATTRIBUTE_MODELS, ATTRIBUTE_TYPES } from '../../contacts/attributes/attribute-types.js';
import type { AttributeRow } from '../../contacts/attributes/attributes.repository.js';
import { isConjunction, type FilterSetting } from '../../platform/filters/compile-filter.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import { codeField, dayBefore, dayField, runningNumberField, setField, textField, type FilterField } from '../../platform/filters/filter-field.js';
import { PRIORITIES, STATUSES } from '../conversation-codes.js';
import { numberIds, originIds } from './origin-index.js';

const named = (names: readonly (string | null)[]) => (value: unknown): number | undefined => {
  const code = names.indexOf(value as string);
  return code >= 0 ? code : undefined;
};
const readStatus = (value: unknown): number | null | undefined => (value === 'all' ? null : named(STATUSES)(value));
const additional = (key: string): FilterField => {
  const field = textField(() => `c.additional_attributes->>'${key}'`);
  return { ...field, ids: originIds(key, field) };
};
/** A column that begins an index. */
const indexed = (field: FilterField): FilterField => ({ ...field, isIndexed: true });
const id = (column: string): FilterField => indexed(codeField(() => `c.${column}`));
/** The same, with ids from an index that has not the order of the list. */
const listed = (field: FilterField): FilterField => indexed({
  ...field, ids: (params, operator, values) => (operator === 'equal_to' && !values.includes(null) ? `SELECT c.id FROM conversations c WHERE c.account_id = $1 AND ${field.sql(params, operator, values)}` : undefined),
});
/** Never absent: nothing has to be looked at to know. */
const always = (field: FilterField): FilterField => ({ ...field, sql: (params, operator, values) => (operator === 'is_present' ? 'true' : field.sql(params, operator, values)) });
const priority = codeField(() => 'c.priority', (value) => named(PRIORITIES)(value === 'none' ? undefined : value), 'smallint');

/** What conversations `c` can be filtered by. The account is $1. */
export const CONVERSATION_FIELDS: Record<string, FilterField> = {
  status: always(indexed(codeField(() => 'c.status', readStatus, 'smallint'))),
  // 0 stands for none, which counts as absent.
  priority: listed({ ...priority, sql: (params, operator, values) => (operator === 'is_present' ? 'c.priority > 0' : priority.sql(params, operator, values)) }),
  assignee_id: id('assignee_id'), inbox_id: always(id('inbox_id')), team_id: listed(id('team_id')), contact_id: always(id('contact_id')), display_id: { ...always(indexed(runningNumberField(() => 'c.display_id'))), ids: numberIds },
  campaign_id: additional('campaign_id'), browser_language: additional('browser_language'), conversation_language: additional('conversation_language'), referer: additional('referer'),
  mail_subject: additional('mail_subject'),
  created_at: always(indexed(dayField(() => 'c.created_at', { isMoment: true }))), last_activity_at: always(dayField(() => 'c.last_activity_at', { isMoment: true })),
  labels: setField((_params, list) => `c.label_ids && ARRAY(SELECT t.id FROM labels t WHERE t.account_id = $1 AND t.title = ANY (${list}))`, () => 'cardinality(c.label_ids) > 0'),
};

/** Conversations and the attributes their account has defined for them. `labels` are the ids of the labels that the filter names. */
export function conversationSetting(defined: readonly AttributeRow[], labels: ReadonlyMap<string, number>, now: Date): FilterSetting {
  const fields: Record<string, FilterField> = { ...CONVERSATION_FIELDS, labels: { ...CONVERSATION_FIELDS['labels']!, ids: linkedTo(labels) } };
  return {
    now, names: Object.keys(fields),
    field: ({ attribute_key: key }: Condition) => {
      if (Object.hasOwn(fields, key)) return fields[key];
      const row = defined.find((attribute) => attribute.key === key && ATTRIBUTE_MODELS[attribute.model] === 'conversation_attribute');
      if (!row) return undefined;
      const field = attributeField(row, 'c');
      return { ...field, ids: attributeIds('conversations', row.key, ATTRIBUTE_TYPES[row.display_type]!, field) };
    },
  };
}

/** The planner knows how common a label is by its id alone. */
const linkedTo = (labels: ReadonlyMap<string, number>): FilterField['ids'] => (params, operator, values) => {
  if (operator !== 'equal_to') return undefined;
  const ids = values.flatMap((title) => labels.get(String(title).toLowerCase()) ?? []);
  return `SELECT l.conversation_id FROM conversation_labels l WHERE l.account_id = $1 AND l.label_id ${ids.length === 1 ? `= ${params.add(ids[0])}::int` : `= ANY (${params.add(ids)}::int[])`}`;
};

/** The titles of labels that a filter asks for, as labels are written. */
export const labelsIn = (conditions: readonly Condition[]): string[] =>
  conditions.flatMap(({ attribute_key: key, values }) => (key === 'labels' && Array.isArray(values) ? values.map((title) => String(title).toLowerCase()) : []));

/** What a filter narrows to in any case, by the columns that the indexes begin with, and its other conditions; null where it does not. */
export interface Narrowed { statuses: number[] | null; inboxes: number[] | null; assignee: number | 'nobody' | null; begunBefore: Date | null; active: readonly Condition[]; rest: readonly Condition[] }

export function narrowedBy(conditions: readonly Condition[], now: Date): Narrowed {
  const narrowed: Narrowed = { statuses: null, inboxes: null, assignee: null, begunBefore: null, active: [], rest: conditions };
  if (!isConjunction(conditions)) return narrowed;
  const take = (key: string, isFit: (ids: number[]) => boolean = () => true): number[] | null => {
    const condition = conditions.find(({ attribute_key: name, filter_operator: operator }) => name === key && operator === 'equal_to');
    if (!condition || !Array.isArray(condition.values) || condition.values.length === 0) return null;
    const ids = condition.values.map(CONVERSATION_FIELDS[key]!.read);
    if (!ids.every((id) => typeof id === 'number') || !isFit(ids)) return null;
    narrowed.rest = narrowed.rest.filter((other) => other !== condition);
    return [...new Set(ids)];
  };
  narrowed.statuses = take('status');
  narrowed.inboxes = take('inbox_id');
  const nobody = conditions.find(({ attribute_key: key, filter_operator: operator }) => key === 'assignee_id' && operator === 'is_not_present');
  narrowed.assignee = nobody ? 'nobody' : take('assignee_id', (ids) => ids.length === 1)?.[0] ?? null;
  narrowed.rest = narrowed.rest.filter((other) => other !== nobody);
  narrowed.active = narrowed.rest.filter(({ attribute_key: key }) => key === 'last_activity_at');
  narrowed.rest = narrowed.rest.filter((other) => !narrowed.active.includes(other));
  // The indexes by activity begin with the status: all of them say the same as none.
  if (narrowed.active.length > 0) narrowed.statuses ??= STATUSES.map((_, code) => code);
  // Stays a condition: this is only where to look.
  const days = conditions.flatMap(({ attribute_key: key, filter_operator: operator, values }) => {
    if (key !== 'created_at' || !Array.isArray(values)) return [];
    const day = operator === 'days_before' ? dayBefore(now, values[0]) : operator === 'is_less_than' ? CONVERSATION_FIELDS['created_at']!.read(values[0]!) : undefined;
    return typeof day === 'string' ? [day] : [];
  });
  narrowed.begunBefore = days.length > 0 ? new Date(`${days.sort()[0]}T00:00:00Z`) : null;
  return narrowed;
}

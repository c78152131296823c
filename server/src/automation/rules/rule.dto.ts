import { z } from 'zod';
import { Condition, Conditions } from '../../platform/filters/filter.dto.js';
import { flatOrWrapped, formBool, formInt, formJson, formList, line, text } from '../../platform/http/schema-fields.js';
import { UploadedFile } from '../files/action-file.dto.js';
import { Action, Actions } from '../actions/action.dto.js';

export const RULE_EVENTS = ['conversation_created', 'conversation_updated', 'conversation_opened', 'conversation_resolved', 'message_created'] as const;
export type RuleEvent = (typeof RULE_EVENTS)[number];

const eventName = z.enum(RULE_EVENTS);
/** Forms send an empty text after the last line, which nothing follows. */
const lines = formJson(Conditions.transform((all) => all.map((line) => (line.query_operator === '' ? { ...line, query_operator: null } : line))));
const fields = { description: text(1000).nullish(), active: formBool.optional() };
export const CreateRule = flatOrWrapped('automation_rule', z.object({
  ...fields, name: line(255), event_name: eventName, conditions: lines.default([]), actions: formJson(Actions),
}));
export type CreateRule = z.infer<typeof CreateRule>;
export const UpdateRule = flatOrWrapped('automation_rule', z.object({
  ...fields, name: line(255).optional(), event_name: eventName.optional(), conditions: lines.optional(), actions: formJson(Actions).optional(),
}));
export type UpdateRule = z.infer<typeof UpdateRule>;
/** Names all rules, first to last. */
export const OrderRules = z.object({ ids: formList(formInt, 1000) });
export const DryRun = z.object({ event_name: eventName, conditions: Conditions.default([]) });
export const RulesQuery = z.object({ page: formInt.optional() });
export const RunsQuery = z.object({ before: formInt.optional() });

export const RuleSchema = z.object({
  id: z.int(), account_id: z.int(), name: z.string(), description: z.string().nullable(), event_name: eventName, conditions: z.array(Condition), actions: z.array(Action),
  created_on: z.int(), active: z.boolean(), position: z.int(),
  files: z.array(UploadedFile).optional(),
}).meta({ id: 'AutomationRule' });
export type WireRule = z.infer<typeof RuleSchema>;
export const RuleAnswer = z.object({ payload: RuleSchema });
export const RuleList = z.object({ payload: z.array(RuleSchema) });

export const RunSchema = z.object({
  id: z.int(), conversation_id: z.int().nullable(), matched: z.boolean(), actions: z.array(z.string()), errors: z.array(z.string()), created_at: z.int(),
}).meta({ id: 'AutomationRun' });
export const RunList = z.object({ payload: z.array(RunSchema) });
export const DryRunAnswer = z.object({
  payload: z.object({ checked: z.int(), matches: z.array(z.object({ id: z.int(), contact_name: z.string(), last_message_preview: z.string().nullable(), last_activity_at: z.int() })) }),
});

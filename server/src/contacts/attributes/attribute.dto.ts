import { z } from 'zod';
import { flatOrWrapped, line, text } from '../../platform/http/schema-fields.js';
import { ATTRIBUTE_MODELS, ATTRIBUTE_TYPES } from './attribute-types.js';

/** A name, or its number as Chatwoot's clients send it. */
const nameOrNumber = <T extends readonly [string, ...string[]]>(names: T) =>
  z.preprocess((v) => (typeof v === 'number' || (typeof v === 'string' && /^\d$/.test(v)) ? names[Number(v)] ?? v : v), z.enum(names));
/** What filters and variables know already. */
const TAKEN = new Set([
  'status', 'priority', 'assignee_id', 'inbox_id', 'team_id', 'display_id', 'campaign_id', 'labels', 'browser_language', 'conversation_language', 'country_code', 'referer', 'created_at',
  'last_activity_at', 'mail_subject', 'contact_id', 'name', 'email', 'phone_number', 'identifier', 'city', 'company_name', 'blocked', 'content', 'message_type', 'private_note',
]);
const pattern = text(255).transform((v) => v.trim() || null).nullable();
const fields = {
  attribute_display_name: line(255), attribute_display_type: nameOrNumber(ATTRIBUTE_TYPES), attribute_description: text(1000).nullish(),
  attribute_values: z.array(line(255)).max(500).nullish(), regex_pattern: pattern.optional(), regex_cue: text(255).nullish(),
};
export const attributeModel = nameOrNumber(ATTRIBUTE_MODELS);
const attributeKey = line(100).regex(/^[\p{L}\p{N}_.-]+$/u, 'may hold letters, digits, . - and _ only').refine((key) => !TAKEN.has(key), 'is the name of something that is there already');
export const CreateAttribute = flatOrWrapped('custom_attribute_definition', z.object({
  ...fields, attribute_display_type: fields.attribute_display_type.default('text'), attribute_model: attributeModel.default('conversation_attribute'),
  attribute_key: attributeKey,
}));
export type CreateAttribute = z.infer<typeof CreateAttribute>;
/** As in Chatwoot, another key or model moves no values: those stay under the old key. */
export const UpdateAttribute = flatOrWrapped('custom_attribute_definition', z.object({
  ...fields, attribute_display_name: fields.attribute_display_name.optional(), attribute_display_type: fields.attribute_display_type.optional(),
  attribute_key: attributeKey.optional(), attribute_model: attributeModel.optional(),
}));
export type UpdateAttribute = z.infer<typeof UpdateAttribute>;
export const ListAttributes = z.object({ attribute_model: attributeModel.optional() });

export const AttributeSchema = z.object({
  id: z.int(), attribute_display_name: z.string(), attribute_display_type: z.enum(ATTRIBUTE_TYPES), attribute_description: z.string().nullable(), attribute_key: z.string(),
  regex_pattern: z.string().nullable(), regex_cue: z.string().nullable(), attribute_values: z.array(z.string()), attribute_model: z.enum(ATTRIBUTE_MODELS), default_value: z.null(),
  created_at: z.string(), updated_at: z.string(),
}).meta({ id: 'CustomAttribute' });
export type WireAttribute = z.infer<typeof AttributeSchema>;

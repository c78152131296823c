import { z } from 'zod';
import { flatOrWrapped, formBool, formInt, formList, line, text } from '../platform/http/schema-fields.js';
import { optionalImage } from '../platform/storage/avatars.js';
import { Agent } from '../identity/agents/agent.dto.js';
import { CsatConfig } from './csat-config.dto.js';
import { isTimezone, type WorkingDay } from './working-hours.js';

const hour = formInt.pipe(z.int().min(0).max(24)).nullish();
const minutes = formInt.pipe(z.int().min(0).max(59)).nullish();

/** One weekday. Closed days keep no times; the others must open before they close. */
export const WorkingDaySchema = z.object({
  day_of_week: formInt.pipe(z.int().min(0).max(6)), closed_all_day: formBool.default(false), open_all_day: formBool.default(false),
  open_hour: hour, open_minutes: minutes, close_hour: hour, close_minutes: minutes,
}).transform((day, context): WorkingDay => {
  const hasHours = !day.closed_all_day && !day.open_all_day;
  const open = (day.open_hour ?? 0) * 60 + (day.open_minutes ?? 0);
  const close = (day.close_hour ?? 0) * 60 + (day.close_minutes ?? 0);
  if (hasHours && (day.open_hour == null || day.close_hour == null || open >= close || close > 1440)) {
    context.addIssue({ code: 'custom', path: ['close_hour'], message: 'must be after the opening, on the same day' });
    return z.NEVER;
  }
  return {
    day_of_week: day.day_of_week, closed_all_day: day.closed_all_day, open_all_day: day.open_all_day && !day.closed_all_day,
    open_hour: hasHours ? day.open_hour! : null, open_minutes: hasHours ? day.open_minutes ?? 0 : null,
    close_hour: hasHours ? day.close_hour! : null, close_minutes: hasHours ? day.close_minutes ?? 0 : null,
  };
});

/** `max_assignment_limit`: open conversations of the inbox that one member is given at most. */
const AutoAssignment = z.object({ max_assignment_limit: formInt.pipe(z.int().min(1).max(100_000)).nullish() });

const settings = {
  greeting_enabled: formBool.optional(), greeting_message: text(10_000).nullish(), enable_email_collect: formBool.optional(),
  csat_survey_enabled: formBool.optional(), csat_config: CsatConfig.optional(), enable_auto_assignment: formBool.optional(),
  auto_assignment_config: AutoAssignment.optional(),
  working_hours_enabled: formBool.optional(), working_hours: z.array(WorkingDaySchema).max(7).optional(), out_of_office_message: text(10_000).nullish(),
  timezone: z.string().refine(isTimezone, 'is not a time zone').optional(),
  allow_messages_after_resolved: formBool.optional(), lock_to_single_conversation: formBool.optional(),
  sender_name_type: z.enum(['friendly', 'professional']).optional(), business_name: text(255).nullish(), avatar: optionalImage,
  /** The help centre that people are led to; null and an empty field for none. */
  portal_id: z.preprocess((v) => (v === '' ? null : v), formInt.nullish()),
};
// Checked by the channel itself, which names the setting at fault and drops what it does not know.
const channelSettings = z.record(z.string(), z.unknown());

export const CreateInbox = flatOrWrapped('inbox', z.object({ name: line(255), channel: channelSettings.and(z.object({ type: z.string() })), ...settings }));
export type CreateInbox = z.infer<typeof CreateInbox>;
export const UpdateInbox = flatOrWrapped('inbox', z.object({ name: line(255).optional(), channel: channelSettings.optional(), ...settings }));
export type UpdateInbox = z.infer<typeof UpdateInbox>;
/** What of an inbox is set in its own columns. */
export type InboxSettings = Omit<UpdateInbox, 'channel' | 'avatar'>;

export const InboxMembers = z.object({ inbox_id: formInt, user_ids: formList(formInt) });
export type InboxMembers = z.infer<typeof InboxMembers>;
export const AssignableQuery = z.object({ inbox_ids: formList(formInt, 100) });

export const SlimInboxSchema = z.object({
  id: z.int(), avatar_url: z.string(), channel_id: z.int(), name: z.string(), channel_type: z.string(), provider: z.string().nullable(),
}).meta({ id: 'SlimInbox' });

/** Channels add their own keys; those of other channels are null. */
export const InboxSchema = z.looseObject({
  ...SlimInboxSchema.shape,
  greeting_enabled: z.boolean(), greeting_message: z.string().nullable(), working_hours_enabled: z.boolean(), enable_email_collect: z.boolean(), csat_survey_enabled: z.boolean(),
  csat_config: z.record(z.string(), z.unknown()), enable_auto_assignment: z.boolean(), auto_assignment_config: z.record(z.string(), z.unknown()),
  out_of_office_message: z.string().nullable(), timezone: z.string(), callback_webhook_url: z.string().nullable(), allow_messages_after_resolved: z.boolean(),
  lock_to_single_conversation: z.boolean(), sender_name_type: z.string(), business_name: z.string().nullable(), portal_id: z.int().nullable(), help_center: z.object({ name: z.string(), slug: z.string() }).optional(),
  working_hours: z.array(z.object({
    day_of_week: z.int(), closed_all_day: z.boolean(), open_all_day: z.boolean(),
    open_hour: z.int().nullable(), open_minutes: z.int().nullable(), close_hour: z.int().nullable(), close_minutes: z.int().nullable(),
  })),
  /** People are reached by address here: messages may name recipients, and be passed on. */
  addressed: z.boolean(),
  widget_last_seen_at: z.int().nullable(), widget_last_seen_url: z.string().nullable(),
}).meta({ id: 'Inbox' });
export const InboxList = z.object({ payload: z.array(InboxSchema) });
export const AgentList = z.object({ payload: z.array(Agent) });

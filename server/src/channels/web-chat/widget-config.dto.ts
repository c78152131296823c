import { z } from 'zod';
import { freeObject, text } from '../../platform/http/schema-fields.js';
import { VisitorContact } from './widget-contact.dto.js';

export const StartWidget = z.object({ locale: text(20).nullish(), referer_url: text(2000).nullish() });
export type StartWidget = z.infer<typeof StartWidget>;

const nullableText = z.string().nullable();
const WorkingDay = z.looseObject({ day_of_week: z.int(), closed_all_day: z.boolean(), open_all_day: z.boolean() });

/** All that the chat needs for its first view. Times in seconds. */
export const WidgetConfig = z.object({
  website_channel_config: z.object({
    allow_messages_after_resolved: z.boolean(), api_host: z.string(), auth_token: z.string(), avatar_url: z.string(), csat_survey_enabled: z.boolean(), disable_branding: z.boolean(),
    enabled_features: z.array(z.string()), enabled_languages: z.array(z.object({ name: z.string(), iso_639_1_code: z.string() })), locale: nullableText, out_of_office_message: nullableText,
    portal: z.object({ name: z.string(), slug: z.string(), custom_domain: nullableText, color: nullableText, config: z.object({ default_locale: z.string(), allowed_locales: z.array(z.string()) }) }).nullable(),
    pre_chat_form_enabled: z.boolean(), pre_chat_form_options: z.record(z.string(), z.unknown()).nullable(), reply_time: z.string(), timezone: z.string(), utc_off_set: z.string(),
    website_name: z.string(), website_token: z.string(), welcome_tagline: nullableText, welcome_title: nullableText, widget_color: z.string(), position: z.string(), launcher_title: nullableText,
    working_hours: z.array(WorkingDay), working_hours_enabled: z.boolean(), hmac_mandatory: z.boolean(),
    greeting_enabled: z.boolean(), greeting_message: nullableText, is_open: z.boolean(), next_open_at: z.int().nullable(), rtl: z.boolean(), transcript_available: z.boolean(),
  }),
  contact: VisitorContact,
  global_config: z.object({ brand_name: z.string(), widget_brand_url: nullableText }),
}).meta({ id: 'WidgetConfig' });
export type WidgetConfig = z.infer<typeof WidgetConfig>;

export const ReportEvent = z.object({ name: text(255), event_info: freeObject.nullish() });
export type ReportEvent = z.infer<typeof ReportEvent>;

/** A colleague as a visitor may see them. */
export const PublicPerson = z.object({
  id: z.int(), name: z.string(), available_name: z.string(), avatar_url: z.string(), thumbnail: z.string(), availability_status: z.string(), type: z.literal('user'),
}).meta({ id: 'PublicPerson' });
export const OnlineMembers = z.object({ payload: z.array(PublicPerson) });
/** Nothing speaks to visitors by itself here: the list is always empty. */
export const WidgetCampaigns = z.array(z.never()).meta({ id: 'WidgetCampaigns' });

import { Inject, Injectable } from '@nestjs/common';
import type { HelpCenter } from '../../inboxes/inboxes.repository.js';
import { isOpen, nextOpenAt } from '../../inboxes/working-hours.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Avatars } from '../../platform/storage/avatars.js';
import type { Visitor } from './visitor.js';
import type { VisitorIdentity } from './visitors.repository.js';
import type { WidgetConfig } from './widget-config.dto.js';
import type { VisitorContact } from './widget-contact.dto.js';

const LANGUAGES = [['en', 'English'], ['es', 'Español'], ['fr', 'Français'], ['de', 'Deutsch'], ['ar', 'العربية']] as const;
const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;

/** Shows the chat's settings and its visitor, field by field. */
@Injectable()
export class WidgetPresenter {
  constructor(private readonly avatars: Avatars, private readonly clock: Clock, @Inject(CONFIG) private readonly config: Config) {}

  start(visitor: Visitor, token: string, identity: VisitorIdentity | undefined, askedLocale: string | null | undefined, transcriptAvailable: boolean): WidgetConfig {
    const { inbox, config } = visitor;
    const now = this.clock.date();
    const opensAt = nextOpenAt(inbox, now);
    const locale = askedLocale || config.locale || null;
    return {
      website_channel_config: {
        allow_messages_after_resolved: inbox.allow_messages_after_resolved, api_host: this.config.PUBLIC_URL ?? '', auth_token: token, avatar_url: this.avatars.url(inbox.avatar_key),
        csat_survey_enabled: inbox.csat_survey_enabled, disable_branding: true, enabled_features: config.selected_feature_flags,
        enabled_languages: LANGUAGES.map(([code, name]) => ({ name, iso_639_1_code: code })), locale: config.locale, out_of_office_message: inbox.out_of_office_message, portal: portalOf(inbox.help_center),
        pre_chat_form_enabled: config.pre_chat_form_enabled, pre_chat_form_options: config.pre_chat_form_options, reply_time: config.reply_time,
        timezone: inbox.timezone, utc_off_set: offsetOf(now, inbox.timezone), website_name: inbox.name, website_token: inbox.public_token,
        welcome_tagline: config.welcome_tagline, welcome_title: config.welcome_title, widget_color: config.widget_color, position: config.position, launcher_title: config.launcher_title,
        working_hours: inbox.working_hours.map((day) => ({ ...day })), working_hours_enabled: inbox.working_hours_enabled, hmac_mandatory: config.hmac_mandatory,
        greeting_enabled: inbox.greeting_enabled, greeting_message: inbox.greeting_message,
        is_open: isOpen(inbox, now), next_open_at: opensAt && Math.floor(opensAt.getTime() / 1000), rtl: RIGHT_TO_LEFT.test(locale ?? ''),
        transcript_available: transcriptAvailable,
      },
      contact: this.contact(identity),
      global_config: { brand_name: 'Porchlight', widget_brand_url: null },
    };
  }

  /** Nobody yet, until they have written. */
  contact(identity: VisitorIdentity | undefined): VisitorContact {
    const shown = identity?.speaks_for_contact ? identity : undefined;
    return {
      id: identity?.contact_id ?? null, name: shown?.name || null, email: shown?.email ?? null, phone_number: shown?.phone_number ?? null, identifier: identity?.identifier ?? null,
      has_name: Boolean(identity?.name), has_email: Boolean(identity?.email), has_phone_number: Boolean(identity?.phone_number), hmac_verified: identity?.hmac_verified ?? false,
      pubsub_token: identity?.pubsub_token ?? null, custom_attributes: shown?.custom_attributes ?? {},
    };
  }
}

/** What readers find there, in the languages that are out. */
function portalOf(center: HelpCenter | null | undefined): WidgetConfig['website_channel_config']['portal'] {
  if (!center || center.archived) return null;
  const { name, slug, custom_domain, color, default_locale, allowed_locales, draft_locales } = center;
  return { name, slug, custom_domain, color, config: { default_locale, allowed_locales: allowed_locales.filter((locale) => !draft_locales.includes(locale)) } };
}

/** `+02:00`, as Chatwoot's clients compute office hours with. */
function offsetOf(at: Date, timezone: string): string {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return name.replace(/^GMT/, '') || '+00:00';
}

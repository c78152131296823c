import type { z } from 'zod';
import type { ChannelInbox, Channel } from '../channels/contract/channel.js';
import type { InboxSchema, SlimInboxSchema } from './inbox.dto.js';
import type { InboxRow } from './inboxes.repository.js';

/** Keys that every inbox has on the wire and only one kind of channel fills. */
const OTHER_CHANNELS_KEYS = {
  allowed_domains: null, widget_color: null, website_url: null, hmac_mandatory: null, welcome_title: null, welcome_tagline: null, web_widget_script: null,
  website_token: null, selected_feature_flags: null, reply_time: null, messaging_service_sid: null, phone_number: null,
  pre_chat_form_enabled: null, pre_chat_form_options: null, webhook_url: null, inbox_identifier: null,
};

/** An inbox as its channel sees it. Secrets are given opened, or left out. */
export function channelInbox(row: InboxRow, secrets: Record<string, string> = {}): ChannelInbox {
  return { id: row.id, accountId: row.account_id, name: row.name, senderNameType: row.sender_name_type, businessName: row.business_name, publicToken: row.public_token, config: row.channel_config, secrets };
}

/** The few keys of an inbox shown inside other objects. */
export function presentSlimInbox(inbox: { id: number; name: string }, wireType: string, avatarUrl: string): z.infer<typeof SlimInboxSchema> {
  return { id: inbox.id, avatar_url: avatarUrl, channel_id: inbox.id, name: inbox.name, channel_type: wireType, provider: null };
}

/** A whole inbox, in Chatwoot's `inbox` shape, with its channel's keys. */
export function presentInbox(
  row: InboxRow, channel: Channel, secrets: Record<string, string>, audience: 'administrator' | 'agent',
  urls: { publicUrl: string; avatarUrl: string },
): z.infer<typeof InboxSchema> {
  return {
    ...presentSlimInbox(row, channel.wireType, urls.avatarUrl),
    ...OTHER_CHANNELS_KEYS,
    greeting_enabled: row.greeting_enabled, greeting_message: row.greeting_message, working_hours_enabled: row.working_hours_enabled,
    enable_email_collect: row.enable_email_collect, csat_survey_enabled: row.csat_survey_enabled, csat_config: row.csat_config,
    enable_auto_assignment: row.enable_auto_assignment, auto_assignment_config: row.auto_assignment_config, out_of_office_message: row.out_of_office_message,
    working_hours: row.working_hours, timezone: row.timezone, callback_webhook_url: null, allow_messages_after_resolved: row.allow_messages_after_resolved,
    lock_to_single_conversation: row.lock_to_single_conversation, sender_name_type: row.sender_name_type, business_name: row.business_name,
    portal_id: row.portal_id, ...(row.help_center && { help_center: { name: row.help_center.name, slug: row.help_center.slug } }),
    addressed: channel.capabilities.addressed ?? false,
    widget_last_seen_at: row.widget_last_seen_at && Math.floor(row.widget_last_seen_at.getTime() / 1000), widget_last_seen_url: row.widget_last_seen_url,
    ...channel.present(channelInbox(row, secrets), audience, urls.publicUrl),
  };
}

import { z } from 'zod';
import { formBool, formInt, formList, line, text } from '../../platform/http/schema-fields.js';
import { siteOf } from './allowed-domains.js';

export const FEATURES = ['attachments', 'emoji_picker', 'end_conversation', 'use_inbox_avatar_for_bot', 'allow_mobile_webview'] as const;
export const REPLY_TIMES = ['in_a_few_minutes', 'in_a_few_hours', 'in_a_day'] as const;

// Whatever is not http lands in the place of the port and does not parse.
const isSite = (address: string): boolean => URL.canParse(/^https?:\/\//i.test(address) ? address : `https://${address.replace('://', ':x')}`);
const color = z.string().trim().toLowerCase().regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/, 'is not a colour like #f59e0b');

/** Kept as the comma text that Chatwoot's clients send and expect, each site in one form. */
const domains = z.union([text(5000), z.array(text(255)).max(200)]).transform((given, context) => {
  const entries = (Array.isArray(given) ? given : given.split(/[\s,]+/)).filter((entry) => entry.trim() !== '');
  const wrong = entries.find((entry) => siteOf(entry) === undefined);
  if (wrong !== undefined) {
    context.addIssue({ code: 'custom', message: `"${wrong.slice(0, 80)}" is not a site; write example.org or *.example.org` });
    return z.NEVER;
  }
  return [...new Set(entries.map((entry) => siteOf(entry)!))].join(',');
});

const PreChatField = z.object({
  name: line(100), label: text(255).default(''), type: text(40).default('text'), field_type: text(40).default('standard'), required: formBool.default(false), enabled: formBool.default(true),
  placeholder: text(255).nullish(), values: z.array(text(255)).max(100).nullish(), regex_pattern: text(500).nullish(), regex_cue: text(255).nullish(),
});
const PreChatOptions = z.object({ pre_chat_message: text(2000).nullish(), pre_chat_fields: z.array(PreChatField).max(30).default([]) });

/** Settings of a web chat, in wire names. */
export const WebChatConfig = z.object({
  website_url: text(255).trim().refine((v) => v === '' || isSite(v), 'is not the address of a website').optional(),
  widget_color: color.optional(),
  welcome_title: text(255).nullish(), welcome_tagline: text(1000).nullish(),
  allowed_domains: domains.nullish(), hmac_mandatory: formBool.optional(),
  pre_chat_form_enabled: formBool.optional(), pre_chat_form_options: PreChatOptions.nullish(),
  reply_time: z.union([z.enum(REPLY_TIMES), formInt.pipe(z.int().min(0).max(2)).transform((n) => REPLY_TIMES[n]!)]).optional(),
  selected_feature_flags: formList(z.enum(FEATURES), FEATURES.length).optional(),
  continuity_via_email: formBool.optional(), locale: z.string().regex(/^[a-z]{2,3}([_-][A-Za-z]{2,4})?$/, 'is not a language').nullish(),
  position: z.enum(['left', 'right']).optional(), launcher_title: text(60).nullish(),
});
export type WebChatConfig = z.infer<typeof WebChatConfig>;

/** What a field of the form asks until an administrator changes it. */
const standardField = (name: string, type: string, label: string) => ({ name, type, label, field_type: 'standard', required: false, enabled: false, placeholder: null, values: [], regex_pattern: null, regex_cue: null });

export const DEFAULT_CONFIG = {
  website_url: '', widget_color: '#fbbf24', welcome_title: null, welcome_tagline: null, allowed_domains: '', hmac_mandatory: false, pre_chat_form_enabled: false,
  pre_chat_form_options: {
    pre_chat_message: null,
    pre_chat_fields: [standardField('emailAddress', 'email', 'Email'), standardField('fullName', 'text', 'Name'), standardField('phoneNumber', 'text', 'Phone number')],
  },
  reply_time: 'in_a_few_minutes', selected_feature_flags: ['attachments', 'emoji_picker', 'end_conversation'], continuity_via_email: true,
  locale: null, position: 'right', launcher_title: null,
} satisfies Required<WebChatConfig>;

/** The settings of a stored inbox, complete. They were checked when they were stored. */
export const webChatConfig = (stored: Record<string, unknown>): typeof DEFAULT_CONFIG & Required<WebChatConfig> => ({ ...DEFAULT_CONFIG, ...stored } as never);

import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { randomToken } from '../../platform/crypto/keyring.js';
import type { Channel, ChannelInbox } from '../contract/channel.js';
import { MAX_CONTENT } from '../contract/message-text.js';
import { DEFAULT_CONFIG, webChatConfig, WebChatConfig } from './web-chat.config.js';

/** Chat on a website: the visitor's browser is the provider, so a committed message is a delivered one. */
@Injectable()
export class WebChatChannel implements Channel {
  readonly id = 'web_widget';
  readonly wireType = 'Channel::WebWidget';
  readonly capabilities = { attachments: true, maxLength: MAX_CONTENT, idempotentSend: true, sendsByWorker: false, typing: true, readReceipts: true, asksForEmail: true, asksInThread: true, showsItems: true };
  readonly configSchema = WebChatConfig as unknown as z.ZodType<Record<string, unknown>>;

  newConfig(): Record<string, unknown> {
    return { ...DEFAULT_CONFIG };
  }

  newSecrets(): Record<string, string> {
    return { hmac_token: randomToken(24) };
  }

  present(inbox: ChannelInbox, audience: 'administrator' | 'agent', publicUrl: string): Record<string, unknown> {
    const c = webChatConfig(inbox.config);
    return {
      website_url: c.website_url, website_token: inbox.publicToken, web_widget_script: snippet(publicUrl, inbox.publicToken, c), widget_color: c.widget_color,
      welcome_title: c.welcome_title, welcome_tagline: c.welcome_tagline, allowed_domains: c.allowed_domains ?? '', hmac_mandatory: c.hmac_mandatory,
      pre_chat_form_enabled: c.pre_chat_form_enabled, pre_chat_form_options: c.pre_chat_form_options, reply_time: c.reply_time,
      selected_feature_flags: c.selected_feature_flags, continuity_via_email: c.continuity_via_email, locale: c.locale, position: c.position, launcher_title: c.launcher_title,
      ...(audience === 'administrator' ? { hmac_token: inbox.secrets['hmac_token'] ?? null } : {}),
    };
  }
}

/** What an administrator pastes into their pages. Everything in it was checked to be harmless in an attribute, except the title. */
function snippet(publicUrl: string, websiteToken: string, config: { widget_color: string; position: string; launcher_title: string | null }): string {
  const title = config.launcher_title?.replace(/[&"<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  const attributes = [
    `src="${publicUrl}/widget.js"`, `data-website-token="${websiteToken}"`, `data-color="${config.widget_color}"`,
    ...(config.position === 'left' ? ['data-position="left"'] : []), ...(title ? [`data-launcher-title="${title}"`] : []), 'async',
  ];
  return `<script ${attributes.join(' ')}></script>`;
}

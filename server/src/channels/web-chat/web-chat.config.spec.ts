import { expect, test } from '@jest/globals';
import { WebChatConfig } from './web-chat.config.js';

test.each([
  ['website_url', 'javascript:alert(1)'], ['website_url', 'data:text/html,x'], ['website_url', 'ftp://x.org'], ['website_url', 'a\u0000b.org'],
  ['widget_color', 'red'], ['widget_color', '#fff"><script>'], ['allowed_domains', "x.org 'self'"], ['allowed_domains', 'x.org; script-src *'], ['reply_time', 'never'],
  ['selected_feature_flags', ['everything']], ['pre_chat_form_options', { pre_chat_fields: [{ label: 'no name' }] }], ['position', 'top'], ['welcome_title', 'x'.repeat(256)], ['locale', '../en'],
])('%s cannot be %j', (key, value) => {
  const result = WebChatConfig.safeParse({ [key]: value });
  expect(result.error?.issues[0]?.path[0]).toBe(key);
});

test.each([
  ['website_url', 'www.example.org', 'www.example.org'], ['website_url', 'https://example.org/shop', 'https://example.org/shop'], ['website_url', 'localhost:8080', 'localhost:8080'], ['widget_color', ' #FBBF24', '#fbbf24'],
  ['allowed_domains', 'https://A.org/x, *.b.org\nA.org', 'a.org,*.b.org'], ['allowed_domains', ['a.org', 'b.org:81'], 'a.org,b.org:81'], ['reply_time', '2', 'in_a_day'],
  ['selected_feature_flags', 'attachments', ['attachments']], ['hmac_mandatory', 'true', true],
])('%s %j is kept as %j', (key, value, kept) => expect(WebChatConfig.parse({ [key]: value })).toEqual({ [key]: kept }));

test('keys of other channels are dropped', () => expect(WebChatConfig.parse({ type: 'web_widget', webhook_url: 'x' })).toEqual({}));

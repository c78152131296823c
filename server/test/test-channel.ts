import { z } from 'zod';
import { ChannelRegistry } from '../src/channels/contract/channel-registry.js';
import type { Channel } from '../src/channels/contract/channel.js';
import type { TestApp } from './test-app.js';

const config = z.object({ website_url: z.url().max(200).optional(), welcome_title: z.string().max(50).nullish() });

/** A channel like web chat: writing the message is delivering it. */
export const testChat: Channel = {
  id: 'test_chat', wireType: 'Channel::TestChat',
  capabilities: { attachments: true, maxLength: 10_000, idempotentSend: true, sendsByWorker: false, typing: true, readReceipts: true },
  configSchema: config as z.ZodType<Record<string, unknown>>,
  newConfig: () => ({ welcome_title: 'Hello' }), newSecrets: () => ({ hmac_token: `hmac-${Math.random()}` }),
  present: (inbox, audience) => ({
    website_url: inbox.config['website_url'] ?? null, welcome_title: inbox.config['welcome_title'] ?? null,
    website_token: inbox.publicToken, ...(audience === 'administrator' && { hmac_token: inbox.secrets['hmac_token'] }),
  }),
};

/** A channel like the API inbox: a worker sends. */
export const testWorker: Channel = {
  ...testChat, id: 'test_worker', wireType: 'Channel::TestWorker', capabilities: { ...testChat.capabilities, sendsByWorker: true },
  newSecrets: () => ({ hmac_token: `hmac-${Math.random()}`, secret: `secret-${Math.random()}` }),
  present: (inbox, audience) => ({ inbox_identifier: inbox.publicToken, ...(audience === 'administrator' && { secret: inbox.secrets['secret'], hmac_token: inbox.secrets['hmac_token'] }) }),
  send: async () => ({ kind: 'sent' }),
};

/** Makes the two test channels known to the application. */
export function useTestChannels(t: TestApp): void {
  const registry = t.app.get(ChannelRegistry);
  for (const channel of [testChat, testWorker]) if (!registry.find(channel.id)) registry.add(channel);
}

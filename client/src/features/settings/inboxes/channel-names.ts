import { Globe, Mail, Webhook } from '@lucide/vue';
import type { Component } from 'vue';
import type { Inbox } from '../../../api/types';

export type ChannelKind = 'web' | 'email' | 'api' | 'other';

/** What an inbox's channel is called and drawn as. Further channels add a line. */
const known: Record<string, { kind: ChannelKind; icon: Component; label: string }> = {
  'Channel::WebWidget': { kind: 'web', icon: Globe, label: 'settings.channels.web' },
  'Channel::Email': { kind: 'email', icon: Mail, label: 'settings.channels.email' },
  'Channel::Api': { kind: 'api', icon: Webhook, label: 'settings.channels.api' },
};
export const channelOf = (inbox: Pick<Inbox, 'channel_type'>) => known[inbox.channel_type] ?? { kind: 'other' as const, icon: Globe, label: 'settings.channels.other' };

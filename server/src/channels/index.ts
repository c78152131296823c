import type { Type } from '@nestjs/common';
import type { Channel } from './contract/channel.js';
import { ApiChannel } from './api/api.channel.js';
import { ApiModule } from './api/api.module.js';
import { EmailChannel } from './email/email.channel.js';
import { EmailModule } from './email/email.module.js';
import { WebChatChannel } from './web-chat/web-chat.channel.js';
import { WebChatModule } from './web-chat/web-chat.module.js';

/** One kind of channel: its class, and the module that provides and exports it together with its own controllers. */
export interface ChannelEntry { channel: Type<Channel>; module: Type }

/** Every channel of this build, one line each. Nothing else in the server names a channel. */
export const CHANNELS: readonly ChannelEntry[] = [
  { channel: ApiChannel, module: ApiModule },
  { channel: EmailChannel, module: EmailModule },
  { channel: WebChatChannel, module: WebChatModule },
];

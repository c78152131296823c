import { Global, Module } from '@nestjs/common';
import { ChatOpenings } from './contract/chat-openings.js';
import { ChannelRegistry } from './contract/channel-registry.js';
import type { Channel } from './contract/channel.js';
import { CHANNELS } from './index.js';

/** Gathers the channels into the registry that everybody else asks. */
@Global()
@Module({
  imports: CHANNELS.map((entry) => entry.module),
  providers: [ChatOpenings, {
    provide: ChannelRegistry, inject: CHANNELS.map((entry) => entry.channel),
    useFactory: (...channels: Channel[]) => new ChannelRegistry(channels),
  }],
  exports: [ChannelRegistry, ChatOpenings],
})
export class ChannelsModule {}

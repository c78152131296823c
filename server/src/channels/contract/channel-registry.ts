import type { Channel } from './channel.js';

/** Every channel of this build, by id. Refuses two with one id. */
export class ChannelRegistry {
  private readonly byId = new Map<string, Channel>();

  constructor(channels: readonly Channel[]) {
    for (const channel of channels) this.add(channel);
  }

  /** Adds one kind of channel. Throws when its id is taken or it cannot do what it says. */
  add(channel: Channel): void {
    if (this.byId.has(channel.id)) throw new Error(`Two channels are named ${channel.id}.`);
    if (channel.capabilities.sendsByWorker && !channel.send) throw new Error(`Channel ${channel.id} sends by worker but has no send().`);
    this.byId.set(channel.id, channel);
  }

  find(id: string): Channel | undefined {
    return this.byId.get(id);
  }

  /** The channel of a stored inbox. Throws when this build does not know it. */
  get(id: string): Channel {
    const channel = this.byId.get(id);
    if (!channel) throw new Error(`No channel is named ${id}.`);
    return channel;
  }

  all(): Channel[] {
    return [...this.byId.values()];
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { StoredEvent } from '../delivery/event-types.js';
import { Log } from '../platform/logging/log.js';
import { REALTIME_SOURCE, type Frame, type RealtimeSource } from './realtime-source.js';

/** The sources of frames, found at start by their decorator. Two for one event type stop the start. */
@Injectable()
export class RealtimeRegistry implements OnModuleInit {
  private readonly byType = new Map<string, RealtimeSource>();

  constructor(private readonly discovery: DiscoveryService, private readonly log: Log) {}

  onModuleInit(): void {
    const seen = new Set<unknown>();
    for (const { metatype, instance } of this.discovery.getProviders() as { metatype: object | null; instance: unknown }[]) {
      if (!metatype || !instance || seen.has(instance)) continue;
      seen.add(instance);
      for (const type of (Reflect.getMetadata(REALTIME_SOURCE, metatype) as string[] | undefined) ?? []) {
        if (this.byType.has(type)) throw new Error(`Two sources push ${type}.`);
        this.byType.set(type, instance as RealtimeSource);
      }
    }
  }

  /** Frames of one account's events, by event id. An event whose frames cannot be made is left out and logged: it must not hold up the others. */
  async frames(accountId: number, events: StoredEvent[]): Promise<Map<number, Frame[]>> {
    const bySource = new Map<RealtimeSource, StoredEvent[]>();
    for (const event of events) {
      const source = this.byType.get(event.type);
      if (source) bySource.set(source, [...(bySource.get(source) ?? []), event]);
    }
    const made = await Promise.all([...bySource].map(([source, own]) => this.framesOf(source, accountId, own)));
    return new Map(made.flatMap((frames) => [...frames]));
  }

  private async framesOf(source: RealtimeSource, accountId: number, events: StoredEvent[]): Promise<Map<number, Frame[]>> {
    try {
      return await source.frames(accountId, events);
    } catch (error) {
      if (events.length === 1) {
        this.log.error('an event could not be pushed', { account_id: accountId, event_id: events[0]!.id, type: events[0]!.type, error });
        return new Map();
      }
      const frames = new Map<number, Frame[]>();
      for (const event of events) for (const [id, own] of await this.framesOf(source, accountId, [event])) frames.set(id, own);
      return frames;
    }
  }
}

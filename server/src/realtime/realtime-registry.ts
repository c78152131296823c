import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { StoredEvent } from '../delivery/event-types.js';
import { Log } from '../platform/logging/log.js';
import { REALTIME_SOURCE, type Frame, type RealtimeSource } from './realtime-source.js';

/** What sources made of events, by event id. */
export interface PresentedEvents { frames: Map<number, Frame[]>; failed: Set<number> }

type Ask = (source: RealtimeSource, events: StoredEvent[]) => Promise<Map<number, Frame[]>>;

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

  /** Whether anybody is told of events of this type. */
  pushes(type: string): boolean {
    return this.byType.has(type);
  }

  /** Frames of one account's events, by event id. An event whose frames cannot be made is left out and named: it must not hold up the others. */
  frames(accountId: number, events: StoredEvent[]): Promise<PresentedEvents> {
    return this.presentAll(accountId, events, (source, own) => source.frames(accountId, own));
  }

  /** The same as Chatwoot's clients expect them. */
  cableFrames(accountId: number, events: StoredEvent[]): Promise<PresentedEvents> {
    return this.presentAll(accountId, events, (source, own) => source.cableFrames?.(accountId, own) ?? source.frames(accountId, own));
  }

  private async presentAll(accountId: number, events: StoredEvent[], ask: Ask): Promise<PresentedEvents> {
    const bySource = new Map<RealtimeSource, StoredEvent[]>();
    for (const event of events) {
      const source = this.byType.get(event.type);
      if (source) bySource.set(source, [...(bySource.get(source) ?? []), event]);
    }
    const presented: PresentedEvents = { frames: new Map(), failed: new Set() };
    await Promise.all([...bySource].map(([source, own]) => this.present(source, accountId, own, ask, presented)));
    return presented;
  }

  private async present(source: RealtimeSource, accountId: number, events: StoredEvent[], ask: Ask, into: PresentedEvents): Promise<void> {
    try {
      for (const [id, own] of await ask(source, events)) into.frames.set(id, own);
    } catch (error) {
      if (events.length > 1) {
        for (const event of events) await this.present(source, accountId, [event], ask, into);
        return;
      }
      this.log.error('an event could not be pushed', { account_id: accountId, event_id: events[0]!.id, type: events[0]!.type, error });
      into.failed.add(events[0]!.id);
    }
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { RelayTaps, type RelayTap } from '../delivery/relay-taps.js';
import { Log } from '../platform/logging/log.js';
import { within } from '../platform/queue/within.js';
import { AccessWatch } from './access-watch.service.js';
import { Presence } from './presence.service.js';
import { RealtimeRegistry } from './realtime-registry.js';
import type { Frame } from './realtime-source.js';
import { agentRooms, rooms } from './rooms.js';
import { SocketServer } from './socket-server.js';

/** Accounts of one batch whose frames are made at the same time. */
const SIDE_BY_SIDE = 4;
const PRESENT_MS = 10_000;

/** Pushes what the relay hands out: to agents with its number, to visitors without. */
@Injectable()
export class PushEvents implements RelayTap, OnModuleInit {
  constructor(
    private readonly taps: RelayTaps, private readonly registry: RealtimeRegistry, private readonly sockets: SocketServer,
    private readonly access: AccessWatch, private readonly presence: Presence, private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.taps.add(this);
    this.sockets.onTold<number[]>('people changed', (accounts) => { for (const account of accounts) this.presence.peopleChanged(account); });
  }

  async batch(events: StoredEvent[]): Promise<void> {
    const accounts = new Map<number, StoredEvent[]>();
    for (const event of events) accounts.set(event.account_id, [...(accounts.get(event.account_id) ?? []), event]);
    this.followPeople(events);
    const waiting = [...accounts];
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.push(...next);
    }));
  }

  private async push(account: number, events: StoredEvent[]): Promise<void> {
    const presented = await within(PRESENT_MS, this.registry.frames(account, events), 'Presenting took too long.').catch((error: unknown) => {
      this.log.error('events could not be pushed', { account_id: account, events: events.length, error });
      return undefined;
    });
    for (const event of events) {
      // Whoever is sent the next number would believe to have seen this one.
      if (!presented || presented.failed.has(event.id)) return this.sockets.sendBack(account);
      for (const frame of presented.frames.get(event.id) ?? []) this.send(account, event.seq, frame);
    }
  }

  private send(account: number, seq: number, { audience, event, data }: Frame): void {
    if (audience.to === 'visitor') {
      this.sockets.visitors.to(rooms.visitor(account, audience.contactInboxId)).emit('event', { event, data });
      return;
    }
    this.sockets.agents.to(agentRooms(account, audience)).emit('event', { seq, event, account_id: account, data });
  }

  // Rights and names come from the database; these events only say that it is time to look.
  private followPeople(events: StoredEvent[]): void {
    const accounts = [...new Set(events.filter(({ type, payload }) => type.startsWith('agent.') || (payload as { members_changed?: boolean } | null)?.members_changed).map((e) => e.account_id))];
    if (accounts.length === 0) return;
    this.access.everywhere();
    this.sockets.tellOthers('people changed', accounts);
    for (const account of accounts) this.presence.peopleChanged(account);
  }
}

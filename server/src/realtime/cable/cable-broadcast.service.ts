import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { StoredEvent } from '../../delivery/event-types.js';
import { RelayTaps, type RelayTap } from '../../delivery/relay-taps.js';
import { Log } from '../../platform/logging/log.js';
import { within } from '../../platform/queue/within.js';
import { OutgoingAddresses } from '../../platform/storage/outgoing-addresses.js';
import { PeopleDirectory } from '../people-directory.js';
import { RealtimeRegistry } from '../realtime-registry.js';
import { agentRooms, rooms } from '../rooms.js';
import { SocketServer } from '../socket-server.js';
import { Typing, type ShownTyping } from '../typing.service.js';
import { cableMessage, withCacheKeys } from './cable-frames.js';
import { CableRooms } from './cable-rooms.js';
import { PushedConversations } from './pushed-conversations.js';

const PRESENT_MS = 10_000;
/** More waiting work of one account means that it cannot be kept up with. */
const MOST_WAITING = 500;

/**
 * Brings to `/cable` what the relay and the typing people bring to the other sockets. Processes tell each other what happened, and each
 * presents it only for accounts of which somebody listens there.
 */
@Injectable()
export class CableBroadcast implements RelayTap, OnModuleInit {
  /** Work by account, done in order. */
  private readonly waiting = new Map<number, (() => Promise<void>)[]>();

  constructor(
    private readonly taps: RelayTaps, private readonly sockets: SocketServer, private readonly rooms: CableRooms, private readonly registry: RealtimeRegistry,
    private readonly people: PeopleDirectory, private readonly typing: Typing, private readonly modules: ModuleRef, private readonly log: Log,
    private readonly addresses: OutgoingAddresses,
  ) {}

  onModuleInit(): void {
    this.taps.add(this);
    this.typing.onShown((shown) => {
      this.sockets.tellOthers('cable typing', shown);
      this.typed(shown);
    });
    this.sockets.onTold<ShownTyping>('cable typing', (shown) => this.typed(shown));
    this.sockets.onTold<StoredEvent[]>('cable events', (events) => this.happened(events.map((event) => ({ ...event, created_at: new Date(event.created_at) }))));
  }

  /** The relay does not wait for it. */
  async batch(events: StoredEvent[]): Promise<void> {
    const pushed = events.filter(({ type }) => this.registry.pushes(type));
    if (pushed.length === 0) return;
    this.sockets.tellOthers('cable events', pushed);
    this.happened(pushed);
  }

  private happened(events: StoredEvent[]): void {
    const accounts = new Map<number, StoredEvent[]>();
    for (const event of events) if (this.rooms.hasAccount(event.account_id)) accounts.set(event.account_id, [...(accounts.get(event.account_id) ?? []), event]);
    for (const [account, own] of accounts) this.later(account, () => this.push(account, own));
  }

  private typed(shown: ShownTyping): void {
    if (this.rooms.hasAccount(shown.accountId)) this.later(shown.accountId, () => this.showTyping(shown));
  }

  private later(account: number, work: () => Promise<void>): void {
    const line = this.waiting.get(account);
    if (!line) {
      this.waiting.set(account, [work]);
      void this.work(account);
    } else if (line.length < MOST_WAITING) {
      line.push(work);
    } else {
      line.length = 0;
      this.sendAway(account);
    }
  }

  private async work(account: number): Promise<void> {
    const line = this.waiting.get(account)!;
    for (let next = line.shift(); next; next = line.shift()) {
      await within(PRESENT_MS, next(), 'Presenting took too long.').catch((error: unknown) => {
        this.log.error('the cable could not be served', { account_id: account, error });
        this.sendAway(account);
      });
    }
    this.waiting.delete(account);
  }

  private async push(account: number, events: StoredEvent[]): Promise<void> {
    const [{ frames, failed }, people] = await Promise.all([this.registry.cableFrames(account, events), this.people.of(account)]);
    for (const event of events) {
      if (failed.has(event.id)) return this.sendAway(account);
      const actor = event.actor_id === null ? undefined : people.get(event.actor_id);
      const performer = actor && this.people.present(actor, true);
      for (const frame of frames.get(event.id) ?? []) {
        const { audience } = frame;
        if (audience.to === 'visitor') this.send([rooms.visitor(account, audience.contactInboxId)], cableMessage(account, frame));
        else this.send(agentRooms(account, audience), cableMessage(account, withCacheKeys(frame, event.created_at), performer));
      }
    }
  }

  private async showTyping({ accountId, conversation, event, user, userId, isPrivate }: ShownTyping): Promise<void> {
    const pushed = await this.modules.get(PushedConversations, { strict: false }).of(accountId, conversation.id);
    if (!pushed) return;
    const message = (shown: object): object => ({ event, data: { account_id: accountId, conversation: shown, user, is_private: isPrivate } });
    this.send([rooms.administrators(accountId), rooms.inbox(accountId, conversation.inboxId)], message(pushed.forAgents), userId);
    if (userId !== undefined && !isPrivate) this.send([rooms.visitor(accountId, conversation.contactInboxId)], message(pushed.forContact));
  }

  /** Whoever listened on would believe to have heard everything. They come back and fetch anew. */
  private sendAway(account: number): void {
    for (const { accountId, connection } of this.rooms.all()) if (accountId === account) connection.disconnect('server_restart', true);
  }

  private send(to: readonly string[], message: object | undefined, except?: number): void {
    if (message === undefined) return;
    const text = JSON.stringify(this.addresses.whole(message));
    for (const subscription of this.rooms.in(to)) if (except === undefined || subscription.userId !== except) subscription.send(text);
  }
}

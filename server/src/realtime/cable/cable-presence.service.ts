import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Log } from '../../platform/logging/log.js';
import { Presence } from '../presence.service.js';
import { rooms } from '../rooms.js';
import { CableRooms } from './cable-rooms.js';
import type { CableSubscription } from './cable-subscription.js';

/** Without `update_presence` for so long one is away. Phones send it every 20 s, chats every minute. */
const AGENT_MS = 60_000;
const CONTACT_MS = 90_000;

/** Presence of those who listen on `/cable`: they count while they say so. */
@Injectable()
export class CablePresence implements OnModuleInit {
  constructor(private readonly rooms: CableRooms, private readonly presence: Presence, private readonly log: Log) {}

  onModuleInit(): void {
    this.presence.onShown((account) => void this.showAll(account).catch((error: unknown) => this.log.warn('presence was not shown', { account_id: account, error })));
  }

  /** The listener is there, and sees who else is. */
  async sign(subscription: CableSubscription): Promise<void> {
    const { listener, accountId } = subscription;
    const isAgent = 'agent' in listener;
    subscription.presentUntil = Date.now() + (isAgent ? AGENT_MS : CONTACT_MS);
    subscription.leave ??= isAgent ? this.presence.enter('user', accountId, listener.agent.userId) : this.presence.enter('contact', accountId, listener.contact.contactId);
    subscription.send(isAgent ? await this.forAgents(accountId) : await this.forContacts(accountId, listener.contact.inboxId));
  }

  /** Whoever has been silent too long is away. */
  expire(now: number): void {
    for (const subscription of this.rooms.all()) if (subscription.leave && subscription.presentUntil < now) this.leave(subscription);
  }

  leave(subscription: CableSubscription): void {
    subscription.leave?.();
    subscription.leave = undefined;
  }

  private async showAll(account: number): Promise<void> {
    if (!this.rooms.hasAccount(account)) return;
    const agents = this.rooms.in([rooms.account(account)]);
    if (agents.size > 0) {
      const message = await this.forAgents(account);
      for (const subscription of agents) subscription.send(message);
    }
    const contacts = this.rooms.all().filter((one) => one.accountId === account && 'contact' in one.listener);
    const perInbox = new Map<number, string>();
    for (const subscription of contacts) {
      if (!('contact' in subscription.listener)) continue;
      const { inboxId } = subscription.listener.contact;
      if (!perInbox.has(inboxId)) perInbox.set(inboxId, await this.forContacts(account, inboxId));
      subscription.send(perInbox.get(inboxId)!);
    }
  }

  private async forAgents(account: number): Promise<string> {
    return JSON.stringify({ event: 'presence.update', data: { account_id: account, ...await this.presence.overview(account) } });
  }

  // Contacts learn who of their inbox is online and nothing of other contacts.
  private async forContacts(account: number, inboxId: number): Promise<string> {
    const online = await this.presence.agentsOnline(account, inboxId);
    return JSON.stringify({ event: 'presence.update', data: { account_id: account, users: Object.fromEntries(online.map(({ id }) => [id, 'online'])) } });
  }
}

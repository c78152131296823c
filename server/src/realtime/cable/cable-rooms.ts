import { Injectable } from '@nestjs/common';
import { roomsOf } from '../agent-sockets.service.js';
import { rooms } from '../rooms.js';
import type { CableSubscription, Listener } from './cable-subscription.js';

/** The subscriptions of this process by room. Rooms are those of the other sockets. */
@Injectable()
export class CableRooms {
  private readonly byRoom = new Map<string, Set<CableSubscription>>();
  private readonly roomsBy = new Map<CableSubscription, string[]>();
  private readonly perAccount = new Map<number, number>();

  enter(subscription: CableSubscription): void {
    const names = roomsOfListener(subscription.listener);
    this.roomsBy.set(subscription, names);
    for (const name of names) {
      const room = this.byRoom.get(name);
      if (room) room.add(subscription);
      else this.byRoom.set(name, new Set([subscription]));
    }
    this.perAccount.set(subscription.accountId, (this.perAccount.get(subscription.accountId) ?? 0) + 1);
  }

  leave(subscription: CableSubscription): void {
    const names = this.roomsBy.get(subscription);
    if (!names) return;
    this.roomsBy.delete(subscription);
    for (const name of names) {
      const room = this.byRoom.get(name)!;
      room.delete(subscription);
      if (room.size === 0) this.byRoom.delete(name);
    }
    const left = this.perAccount.get(subscription.accountId)! - 1;
    if (left > 0) this.perAccount.set(subscription.accountId, left);
    else this.perAccount.delete(subscription.accountId);
  }

  /** Puts a subscription where its listener belongs now. */
  move(subscription: CableSubscription, listener: Listener): void {
    if (!this.roomsBy.has(subscription)) return;
    this.leave(subscription);
    subscription.listener = listener;
    this.enter(subscription);
  }

  all(): CableSubscription[] {
    return [...this.roomsBy.keys()];
  }

  /** Whether anybody of this account listens here. */
  hasAccount(account: number): boolean {
    return this.perAccount.has(account);
  }

  /** Whoever is in one of these rooms, each once. */
  in(names: readonly string[]): Set<CableSubscription> {
    const found = new Set<CableSubscription>();
    for (const name of names) for (const subscription of this.byRoom.get(name) ?? []) found.add(subscription);
    return found;
  }
}

function roomsOfListener(listener: Listener): string[] {
  if ('agent' in listener) return roomsOf(listener.agent);
  const { accountId, contactInboxId, inboxId } = listener.contact;
  return [rooms.visitor(accountId, contactInboxId), rooms.visitorsOf(accountId, inboxId)];
}

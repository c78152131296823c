import { WebSocket } from 'ws';
import { CommandBudget } from '../command-budget.js';
import type { CableSubscription } from './cable-subscription.js';

/** Who reads so slowly that this piles up is sent away; they fetch everything anew when they come back. */
const MOST_WAITING_BYTES = 1_000_000;
const CLOSE_WITHIN_MS = 2_000;

/** Why a client is sent away, in ActionCable's words. */
export type DisconnectReason = 'unauthorized' | 'invalid_request' | 'server_restart' | 'remote';

/** One WebSocket that speaks ActionCable. */
export class CableConnection {
  readonly subscriptions = new Map<string, CableSubscription>();
  readonly budget = new CommandBudget();
  readonly openedAt = Date.now();
  /** Whether it has answered since it was last asked. */
  answered = true;
  /** Commands are done one after the other. */
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly socket: WebSocket, readonly origin: string | undefined, readonly isOwnPage: boolean) {}

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (!this.isOpen) return;
    if (this.socket.bufferedAmount > MOST_WAITING_BYTES) this.socket.terminate();
    else this.socket.send(text);
  }

  /** Does this after what was asked before. */
  next(work: () => Promise<void>): Promise<void> {
    this.work = this.work.then(work);
    return this.work;
  }

  /** Asks for a sign of life; who gave none since the last time is gone. */
  probe(): void {
    if (!this.answered) return this.socket.terminate();
    this.answered = false;
    if (this.isOpen) this.socket.ping();
  }

  /** Says why and closes. */
  disconnect(reason: DisconnectReason, reconnect: boolean): void {
    this.send(JSON.stringify({ type: 'disconnect', reason, reconnect }));
    this.socket.close(reason === 'server_restart' ? 1012 : 1000);
    setTimeout(() => this.socket.terminate(), CLOSE_WITHIN_MS).unref();
  }

  terminate(): void {
    this.socket.terminate();
  }
}

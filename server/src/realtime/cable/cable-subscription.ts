import type { AgentSocketData } from '../agent-sockets.service.js';
import type { Visitor } from '../visitor-authenticator.js';
import type { CableConnection } from './cable-connection.js';

/** Who listens: a member of an account, or a contact on one inbox. */
export type Listener = { agent: AgentSocketData } | { contact: Visitor };

/** One RoomChannel of a connection. */
export class CableSubscription {
  private readonly head: string;
  /** Set while the listener counts as present. */
  leave?: () => void;
  presentUntil = 0;

  constructor(readonly connection: CableConnection, readonly identifier: string, public listener: Listener) {
    this.head = `{"identifier":${JSON.stringify(identifier)},"message":`;
  }

  get accountId(): number {
    return 'agent' in this.listener ? this.listener.agent.accountId : this.listener.contact.accountId;
  }

  /** The person who listens, unless it is a contact. */
  get userId(): number | undefined {
    return 'agent' in this.listener ? this.listener.agent.userId : undefined;
  }

  /** Sends a message that is JSON text already. */
  send(message: string): void {
    this.connection.send(`${this.head}${message}}`);
  }

  confirm(): void {
    this.connection.send(JSON.stringify({ identifier: this.identifier, type: 'confirm_subscription' }));
  }
}

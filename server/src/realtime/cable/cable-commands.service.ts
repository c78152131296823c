import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Log } from '../../platform/logging/log.js';
import { AccessWatch, type Watched } from '../access-watch.service.js';
import { CableAdmission } from './cable-admission.service.js';
import type { CableConnection } from './cable-connection.js';
import { CablePresence } from './cable-presence.service.js';
import { CableRooms } from './cable-rooms.js';
import { CableSubscription } from './cable-subscription.js';

/** One person with some accounts needs a few. */
const MOST_SUBSCRIPTIONS = 20;
const Command = z.object({ command: z.enum(['subscribe', 'unsubscribe', 'message']), identifier: z.string().max(4_000), data: z.string().max(8_000).optional() });
const Action = z.object({ action: z.string() });

/** Does what clients ask for on `/cable`. */
@Injectable()
export class CableCommands implements OnModuleInit {
  constructor(
    private readonly admission: CableAdmission, private readonly rooms: CableRooms, private readonly presence: CablePresence, private readonly access: AccessWatch, private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.access.watch(() => this.rooms.all().flatMap((subscription) => this.watched(subscription)));
  }

  /** One frame of a client. What is no command of ours ends the connection. */
  async handle(connection: CableConnection, text: string): Promise<void> {
    const may = connection.budget.take();
    if (may === 'enough') return connection.disconnect('invalid_request', false);
    if (may === 'refused') return;
    const command = Command.safeParse(parsed(text));
    if (!command.success) return connection.disconnect('invalid_request', false);
    await connection.next(async () => {
      try {
        await this.run(connection, command.data);
      } catch (error) {
        // The client comes back and tries again.
        this.log.error('a cable command failed', { error });
        connection.disconnect('server_restart', true);
      }
    });
  }

  /** The connection is closed. */
  leave(connection: CableConnection): void {
    for (const subscription of connection.subscriptions.values()) this.end(subscription);
  }

  private async run(connection: CableConnection, { command, identifier, data }: z.infer<typeof Command>): Promise<void> {
    if (!connection.isOpen) return;
    const subscription = connection.subscriptions.get(identifier);
    if (command === 'subscribe') return subscription ? subscription.confirm() : this.subscribe(connection, identifier);
    if (!subscription) return;
    if (command === 'unsubscribe') return this.end(subscription);
    const action = Action.safeParse(parsed(data ?? ''));
    if (action.success && action.data.action === 'update_presence') await this.presence.sign(subscription);
  }

  private async subscribe(connection: CableConnection, identifier: string): Promise<void> {
    const listener = connection.subscriptions.size < MOST_SUBSCRIPTIONS ? await this.admission.admit(identifier, connection) : undefined;
    if (!listener) return connection.send(JSON.stringify({ identifier, type: 'reject_subscription' }));
    if (!connection.isOpen) return;
    const subscription = new CableSubscription(connection, identifier, listener);
    connection.subscriptions.set(identifier, subscription);
    this.rooms.enter(subscription);
    subscription.confirm();
    await this.presence.sign(subscription);
    if (!connection.isOpen) this.end(subscription);
  }

  private end(subscription: CableSubscription): void {
    subscription.connection.subscriptions.delete(subscription.identifier);
    this.rooms.leave(subscription);
    this.presence.leave(subscription);
  }

  private watched(subscription: CableSubscription): Watched[] {
    const { listener, connection, identifier } = subscription;
    if (!('agent' in listener)) return [];
    return [{
      data: listener.agent,
      revoke: () => {
        this.end(subscription);
        connection.send(JSON.stringify({ identifier, type: 'reject_subscription' }));
        if (connection.subscriptions.size === 0) connection.disconnect('unauthorized', false);
      },
      update: (agent) => this.rooms.move(subscription, { agent }),
    }];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

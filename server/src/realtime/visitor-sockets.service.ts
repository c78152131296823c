import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import { Log } from '../platform/logging/log.js';
import { clientEvent, listenTo, type ClientEvent } from './client-events.js';
import { ConversationPlaces } from './conversation-places.js';
import { Presence } from './presence.service.js';
import { rooms } from './rooms.js';
import { SocketServer } from './socket-server.js';
import { Typing } from './typing.service.js';
import { VisitorAuthenticator, type Visitor } from './visitor-authenticator.js';

const Handshake = z.object({ website_token: z.string().min(1).max(200), token: z.string().min(1).max(4_000) });
const TypingEvent = z.object({ on: z.boolean() });

/** Sockets of visitors: they hear of their own conversations and of who is online, and may say that they type. */
@Injectable()
export class VisitorSockets implements OnApplicationBootstrap {
  private authenticator?: VisitorAuthenticator;
  private readonly events: Record<string, ClientEvent> = {
    typing: clientEvent(TypingEvent, (socket, { on }) => this.type(socket.data as Visitor, on)),
  };

  constructor(
    private readonly modules: ModuleRef, private readonly sockets: SocketServer, private readonly presence: Presence, private readonly typing: Typing,
    private readonly places: ConversationPlaces, private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.sockets.accepts) return;
    this.authenticator = this.findAuthenticator();
    this.sockets.visitors.use((socket, next) => {
      this.admit(socket).then((admitted) => next(admitted ? undefined : new Error('unauthorized')), (error: unknown) => {
        this.log.error('a visitor could not be admitted', { error });
        next(new Error('unavailable'));
      });
    });
    this.sockets.visitors.on('connection', (socket) => this.connected(socket));
  }

  private findAuthenticator(): VisitorAuthenticator | undefined {
    try {
      return this.modules.get(VisitorAuthenticator, { strict: false });
    } catch {
      return undefined;
    }
  }

  private async admit(socket: Socket): Promise<boolean> {
    const handshake = Handshake.safeParse(socket.handshake.auth);
    if (!handshake.success || !this.authenticator) return false;
    const visitor = await this.authenticator.authenticate({ ...handshake.data, origin: socket.handshake.headers.origin });
    if (!visitor) return false;
    socket.data = visitor;
    return true;
  }

  private connected(socket: Socket): void {
    const { accountId, inboxId, contactInboxId, contactId } = socket.data as Visitor;
    (socket.conn as { request: unknown }).request = null;
    void socket.join([rooms.account(accountId), rooms.visitor(accountId, contactInboxId), rooms.visitorsOf(accountId, inboxId)]);
    socket.once('disconnect', this.presence.enter('contact', accountId, contactId));
    listenTo(socket, this.events, (error) => this.log.error('a visitor\'s event failed', { account_id: accountId, error }));
    void this.presence.agentsOnline(accountId, inboxId)
      .then((agents) => socket.emit('event', { event: 'presence.update', data: { agents } }))
      .catch((error: unknown) => this.log.warn('presence was not shown', { account_id: accountId, error }));
  }

  private async type({ accountId, contactInboxId }: Visitor, on: boolean): Promise<void> {
    const place = await this.places.ofVisitor(accountId, contactInboxId);
    if (place) await this.typing.set(accountId, place, { contact: true }, on);
  }
}

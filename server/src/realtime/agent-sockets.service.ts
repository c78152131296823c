import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import { Authenticator } from '../identity/access/authenticator.service.js';
import type { Role } from '../identity/access/principal.js';
import { accountId } from '../platform/database/account-id.js';
import { Problem } from '../platform/http/problem.js';
import { Log } from '../platform/logging/log.js';
import { AgentAvailability } from './agent-availability.service.js';
import { clientEvent, listenTo, type ClientEvent } from './client-events.js';
import { ConversationPlaces } from './conversation-places.js';
import { Presence } from './presence.service.js';
import { RealtimeRepository, type ConversationPlace } from './realtime.repository.js';
import { rooms } from './rooms.js';
import { SequenceSync } from './sequence-sync.service.js';
import { SocketServer } from './socket-server.js';
import { Typing } from './typing.service.js';

/** What the server knows of an agent's socket. Role and inboxes are refreshed while it is open. */
export interface AgentSocketData { accountId: number; userId: number; sessionId?: number; tokenId?: number; role: Role; inboxIds: ReadonlySet<number> }

const id = z.int().min(1);
const Handshake = z.object({ account_id: z.preprocess((v) => typeof v === 'string' && /^\d{1,15}$/.test(v) ? Number(v) : v, id) });
const PresenceEvent = z.object({ availability: z.enum(['online', 'busy', 'offline']).optional() }).optional();
/** Numbers of conversations are integers of the database. */
const conversationId = id.max(2_147_483_647);
const ViewingEvent = z.object({ conversation_id: conversationId.nullable() });
const TypingEvent = z.object({ conversation_id: conversationId, on: z.boolean(), is_private: z.boolean().default(false) });

export const agentData = (socket: Socket): AgentSocketData => socket.data as AgentSocketData;

/** Sockets of members of an account: who may connect, which rooms they are in, what they may send. */
@Injectable()
export class AgentSockets implements OnApplicationBootstrap {
  private readonly events: Record<string, ClientEvent> = {
    presence: clientEvent(PresenceEvent, (socket, data) => this.presenceSign(agentData(socket), data?.availability)),
    viewing: clientEvent(ViewingEvent, (socket, data) => this.look(socket, data.conversation_id)),
    typing: clientEvent(TypingEvent, (socket, data) => this.type(socket, data)),
  };

  constructor(
    private readonly sockets: SocketServer, private readonly authenticator: Authenticator, private readonly repository: RealtimeRepository, private readonly sync: SequenceSync,
    private readonly presence: Presence, private readonly typing: Typing, private readonly places: ConversationPlaces, private readonly availability: AgentAvailability, private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.sockets.accepts) return;
    this.sockets.agents.use((socket, next) => {
      this.admit(socket).then(() => next(), (error: unknown) => next(refusal(error, this.log)));
    });
    this.sockets.agents.on('connection', (socket) => this.connected(socket));
    this.presence.onViewing((account, conversation) => void this.showViewers(account, conversation).catch((error: unknown) => this.log.warn('viewers were not shown', { error })));
  }

  private async admit(socket: Socket): Promise<void> {
    const { headers, auth, address } = socket.handshake;
    const handshake = Handshake.safeParse(auth);
    const principal = await this.authenticator.authenticateHandshake({ cookieHeader: headers.cookie, auth, ipAddress: address });
    if (!principal || !handshake.success) throw new Problem('unauthenticated', 'unauthorized');
    this.authenticator.demandMfa(principal);
    const account = accountId(handshake.data.account_id);
    const [membership, inboxes] = await Promise.all([
      this.authenticator.membership(principal.userId, account), this.repository.inboxesOf([{ accountId: account, userId: principal.userId }]),
    ]);
    if (typeof membership === 'string') throw new Problem('not_permitted', 'unauthorized');
    socket.data = {
      accountId: account, userId: principal.userId, sessionId: principal.sessionId, tokenId: principal.tokenId, role: membership.role, inboxIds: new Set(inboxes.map((row) => row.inbox_id)),
    } satisfies AgentSocketData;
  }

  private connected(socket: Socket): void {
    const { accountId: account, userId } = agentData(socket);
    // Thirty kilobytes of request per socket, for nobody.
    (socket.conn as { request: unknown }).request = null;
    void socket.join(roomsOf(agentData(socket)));
    const leave = this.presence.enter('user', account, userId);
    socket.once('disconnect', () => {
      leave();
      this.lookAway(socket);
    });
    listenTo(socket, this.events, (error) => this.log.error('a socket event failed', { account_id: account, error }));
    void this.greet(socket).catch((error: unknown) => {
      // Without a starting point the client could never tell what it missed.
      this.log.warn('a socket could not be greeted', { account_id: account, error });
      socket.conn.close();
    });
  }

  private async greet(socket: Socket): Promise<void> {
    const { accountId: account } = agentData(socket);
    const [lastSeq, overview] = await Promise.all([this.sync.lastSeq(account), this.presence.overview(account)]);
    socket.emit('sync', { last_seq: lastSeq });
    socket.emit('event', { event: 'presence.update', account_id: account, data: overview });
  }

  private presenceSign({ accountId: account, userId }: AgentSocketData, availability: 'online' | 'busy' | 'offline' | undefined): Promise<void> | void {
    if (availability !== undefined) return this.availability.choose(account, userId, availability);
  }

  private async look(socket: Socket, conversation: number | null): Promise<void> {
    if (conversation === null) return this.lookAway(socket);
    const place = await this.visible(socket, conversation);
    this.lookAway(socket);
    if (!place || socket.disconnected) return;
    const { accountId: account, userId } = agentData(socket);
    lookingAway.set(socket, this.presence.view(account, place.displayId, userId));
    // Whoever opens a conversation sees at once who is there already.
    socket.emit('event', await this.viewingFrame(account, place.displayId));
  }

  private lookAway(socket: Socket): void {
    lookingAway.get(socket)?.();
    lookingAway.delete(socket);
  }

  private async type(socket: Socket, event: z.infer<typeof TypingEvent>): Promise<void> {
    const place = await this.visible(socket, event.conversation_id);
    const { accountId: account, userId } = agentData(socket);
    if (place) await this.typing.set(account, place, { userId, isPrivate: event.is_private }, event.on);
  }

  private async visible(socket: Socket, displayId: number): Promise<ConversationPlace | undefined> {
    const { accountId: account, role, inboxIds } = agentData(socket);
    const place = await this.places.byDisplayId(account, displayId);
    return place && (role === 'administrator' || inboxIds.has(place.inboxId)) ? place : undefined;
  }

  private async viewingFrame(account: number, conversation: number): Promise<object> {
    return { event: 'conversation.viewing', account_id: account, data: { conversation_id: conversation, users: await this.presence.viewers(account, conversation) } };
  }

  // Every process shows it to its own sockets.
  private async showViewers(account: number, conversation: number): Promise<void> {
    if (!this.sockets.agents.adapter.rooms.has(rooms.account(account))) return;
    const place = await this.places.byDisplayId(account, conversation);
    if (!place) return;
    this.sockets.agents.local.to([rooms.administrators(account), rooms.inbox(account, place.inboxId)]).emit('event', await this.viewingFrame(account, conversation));
  }
}

const lookingAway = new WeakMap<Socket, () => void>();

/** The rooms that belong to a role and these inboxes. */
export function roomsOf({ accountId: account, userId, role, inboxIds }: AgentSocketData): string[] {
  return [
    rooms.account(account), rooms.user(account, userId), ...(role === 'administrator' ? [rooms.administrators(account)] : []),
    ...[...inboxIds].map((inbox) => rooms.inbox(account, inbox)),
  ];
}

function refusal(error: unknown, log: Log): Error {
  if (!(error instanceof Problem)) log.error('a socket could not be admitted', { error });
  const text = error instanceof Problem ? (error.kind === 'forbidden' ? String(error.body['error_code'] ?? 'forbidden') : 'unauthorized') : 'unavailable';
  return new Error(text);
}

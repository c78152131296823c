import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { SocketServer } from '../socket-server.js';
import { CableCommands } from './cable-commands.service.js';
import { CableConnection } from './cable-connection.js';
import { CablePresence } from './cable-presence.service.js';

const PROTOCOL = 'actioncable-v1-json';
/** Clients take six seconds without a ping for a lost connection. */
const PING_MS = 3_000;
/** Every tenth ping one that must be answered: a phone that went out of reach does not say so. */
const PROBE_EVERY = 10;
/** Whoever subscribes to nothing by then has no business here. */
const SUBSCRIBE_WITHIN_MS = 30_000;
const MOST_BYTES = 16_384;

/** `/cable`: the WebSocket that Chatwoot's phone app and other clients of Rails' ActionCable connect to. */
@Injectable()
export class CableDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new WebSocketServer({
    noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false, clientTracking: false, handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  private readonly connections = new Set<CableConnection>();
  private timer?: NodeJS.Timeout;
  private pings = 0;

  constructor(
    private readonly http: HttpAdapterHost, private readonly sockets: SocketServer, private readonly commands: CableCommands, private readonly presence: CablePresence, private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.sockets.accepts) return;
    (this.http.httpAdapter.getHttpServer() as Server).on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (/^\/cable\/?(\?|$)/.test(request.url ?? '')) this.open(request, socket, head);
    });
    this.sockets.onBreak((account) => this.break(account));
    this.metrics.gauge('porchlight_cable_connections', 'Open connections on /cable of this process.', () => [{ value: this.connections.size }]);
    this.timer = setInterval(() => this.ping(), PING_MS);
  }

  private open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.sockets.closed) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (opened) => this.welcome(opened, request));
  }

  private welcome(socket: WebSocket, request: IncomingMessage): void {
    const connection = new CableConnection(socket, request.headers.origin, this.sockets.isOwnPage(request));
    this.connections.add(connection);
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) connection.disconnect('invalid_request', false);
      else void this.commands.handle(connection, data.toString('utf8'));
    });
    socket.on('pong', () => { connection.answered = true; });
    // Too large a frame, or a broken one: ws closes by itself.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.connections.delete(connection);
      this.commands.leave(connection);
    });
    connection.send('{"type":"welcome"}');
  }

  private ping(): void {
    const now = Date.now();
    const message = `{"type":"ping","message":${Math.floor(now / 1_000)}}`;
    this.pings += 1;
    for (const connection of this.connections) {
      if (connection.subscriptions.size === 0 && now - connection.openedAt > SUBSCRIBE_WITHIN_MS) connection.disconnect('unauthorized', false);
      else connection.send(message);
      if (this.pings % PROBE_EVERY === 0) connection.probe();
    }
    this.presence.expire(now);
  }

  private break(account?: number): void {
    for (const connection of this.connections) {
      if (account === undefined || [...connection.subscriptions.values()].some((one) => one.accountId === account)) connection.disconnect('server_restart', true);
    }
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.break();
    for (const connection of this.connections) connection.terminate();
  }
}

import { pollingLine, webSocketLine, type Line } from './line';
import { eventPacket, joinPacket, pong, readPacket } from './packet';

const namespace = '/visitor';

export interface SocketHandlers {
  /** What the server wants to know at the door, asked for at every connect. */
  auth(): unknown;
  connected(): void;
  disconnected(): void;
  /** The server does not know the visitor (any more). */
  refused(): void;
  event(name: string, data: unknown): void;
}

export interface VisitorSocket {
  emit(name: string, data: unknown): void;
  /** Tries again at once, e.g. when the browser says it is online. */
  wake(): void;
  close(): void;
}

/** A connection that keeps coming back: WebSocket, or long polling when no WebSocket ever opened. */
export function openSocket(on: SocketHandlers): VisitorSocket {
  let line: Line | null = null;
  let live = false;
  let attempt = 0;
  let webSocketWorks = false;
  let closed = false;
  let silenceTimer = 0;
  let retryTimer = 0;
  let silence = 20_000;

  const drop = (): void => {
    line?.close();
    line = null;
    clearTimeout(silenceTimer);
    if (live) on.disconnected();
    live = false;
  };
  const again = (): void => {
    drop();
    if (closed) return;
    clearTimeout(retryTimer);
    // Spread out, so that a restarted server does not meet everybody in the same second.
    retryTimer = window.setTimeout(connect, Math.min(20_000, 500 * 2 ** Math.min(attempt++, 6)) * (0.5 + Math.random()));
  };
  const alive = (): void => {
    clearTimeout(silenceTimer);
    silenceTimer = window.setTimeout(again, silence);
  };
  const receive = (text: string): void => {
    alive();
    const packet = readPacket(text, namespace);
    switch (packet?.kind) {
      case 'open':
        silence = packet.silence;
        return line?.send(joinPacket(namespace, on.auth()));
      case 'ping':
        return line?.send(pong);
      case 'connected':
        live = true;
        attempt = 0;
        return on.connected();
      case 'event':
        return on.event(packet.name, packet.data);
      case 'refused':
        on.refused();
        return again();
      case 'close':
      case 'disconnected':
        return again();
      default:
        return;
    }
  };
  function connect(): void {
    if (closed || line) return;
    const polling = !webSocketWorks && attempt % 2 === 1;
    const handlers = {
      packet(text: string): void {
        webSocketWorks ||= !polling;
        receive(text);
      },
      lost: again,
    };
    alive();
    line = polling ? pollingLine(handlers) : webSocketLine(handlers);
  }
  connect();

  return {
    emit: (name, data) => { if (live) line?.send(eventPacket(namespace, name, data)); },
    wake() {
      if (live || closed) return;
      attempt = 0;
      again();
    },
    close() {
      closed = true;
      clearTimeout(retryTimer);
      drop();
    },
  };
}

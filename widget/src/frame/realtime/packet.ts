/**
 * The few packets of socket.io 5 on Engine.IO 4 that the chat needs. The whole client library would be a quarter of
 * what a visitor downloads; this is enough for one namespace, JSON events and no acknowledgements.
 */
export type Packet =
  | { kind: 'open'; sid: string; silence: number }
  | { kind: 'close' | 'ping' | 'connected' | 'refused' | 'disconnected' }
  | { kind: 'event'; name: string; data: unknown }
  | null;

/** What the client answers to a ping. */
export const pong = '3';

/** Between packets in one answer of the polling transport. */
export const separator = '\x1e';

/** Joins a namespace. */
export const joinPacket = (namespace: string, auth: unknown): string => `40${namespace},${JSON.stringify(auth)}`;

/** An event for a namespace. */
export const eventPacket = (namespace: string, name: string, data: unknown): string => `42${namespace},${JSON.stringify([name, data])}`;

/** Reads one packet; null for what does not concern `namespace` or is no packet. `silence`: milliseconds without a ping that mean the line is dead. */
export function readPacket(text: string, namespace: string): Packet {
  try {
    if (text[0] === '0') {
      const { sid, pingInterval, pingTimeout } = JSON.parse(text.slice(1)) as { sid: string; pingInterval: number; pingTimeout: number };
      return { kind: 'open', sid, silence: pingInterval + pingTimeout };
    }
    if (text[0] === '1') return { kind: 'close' };
    if (text[0] === '2') return { kind: 'ping' };
    const message = /^4([0124])([^,{[]*),?\d*([{[].*)?$/s.exec(text);
    if (!message || message[2] !== namespace) return null;
    if (message[1] === '0') return { kind: 'connected' };
    if (message[1] === '1') return { kind: 'disconnected' };
    if (message[1] === '4') return { kind: 'refused' };
    const [name, data] = JSON.parse(message[3] ?? '[]') as [unknown, unknown];
    return typeof name === 'string' ? { kind: 'event', name, data } : null;
  } catch {
    return null;
  }
}

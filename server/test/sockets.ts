import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Person } from './factories.js';
import { eventually } from './http.js';
import type { TestApp } from './test-app.js';

export interface WireFrame { seq?: number; event: string; account_id?: number; data: any } // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any frame

/** A socket that keeps what it hears. */
export class TestSocket {
  readonly frames: WireFrame[] = [];
  readonly syncs: number[] = [];
  revoked = false;
  private constructor(readonly socket: Socket) {
    socket.on('event', (frame: WireFrame) => this.frames.push(frame));
    socket.on('sync', ({ last_seq }: { last_seq: number }) => this.syncs.push(last_seq));
    socket.on('session_revoked', () => { this.revoked = true; });
  }

  /** Connects. Rejects with the server's reason when it refuses. */
  static async open(url: string, namespace: '/' | '/agent' | '/visitor', auth: object, options: Partial<ManagerOptions & SocketOptions> = {}): Promise<TestSocket> {
    const socket = io(url + namespace, { auth, transports: ['websocket'], forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...options });
    const test = new TestSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error) => { socket.close(); reject(error); });
    });
    return test;
  }

  of(event: string): WireFrame[] {
    return this.frames.filter((frame) => frame.event === event);
  }

  /** The first frame of this name that fits, waiting for it. */
  async hears(event: string, fits: (frame: WireFrame) => boolean = () => true, timeoutMs?: number): Promise<WireFrame> {
    return eventually(`${event} is heard`, () => this.frames.find((frame) => frame.event === event && fits(frame)), timeoutMs);
  }

  /** Sends and waits for the server's answer. */
  say(event: string, data?: unknown): Promise<{ error?: string }> {
    return this.socket.timeout(20_000).emitWithAck(event, data) as Promise<{ error?: string }>;
  }

  close(): void {
    this.socket.close();
  }
}

/** The socket of a member, proven by their API token, after its first sync. */
export async function agentSocket(t: Pick<TestApp, 'url'>, person: Person, accountId: number, options: Partial<ManagerOptions & SocketOptions> = {}): Promise<TestSocket> {
  const socket = await TestSocket.open(t.url, '/agent', { api_access_token: person.token, account_id: accountId }, options);
  await eventually('the first sync', () => socket.syncs.length > 0);
  return socket;
}

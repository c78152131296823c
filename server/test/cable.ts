import { WebSocket, type ClientOptions } from 'ws';
import type { Person } from './factories.js';
import { call, eventually } from './http.js';
import type { TestApp } from './test-app.js';

export interface CableFrame { event: string; data: any } // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any frame
interface ServerFrame { type?: string; identifier?: string; message?: CableFrame | number; reason?: string; reconnect?: boolean }

/** A plain WebSocket that speaks ActionCable, as a phone does, and keeps what it hears. */
export class TestCable {
  readonly frames: CableFrame[] = [];
  readonly said: ServerFrame[] = [];
  closed = false;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ServerFrame;
      if (typeof frame.message === 'object') this.frames.push(frame.message);
      else this.said.push(frame);
    });
    socket.on('close', () => { this.closed = true; });
    socket.on('error', () => undefined);
  }

  /** Connects and waits for the welcome. Rejects when the server does not open. */
  static async open(t: Pick<TestApp, 'url'>, options: ClientOptions = {}): Promise<TestCable> {
    const cable = new TestCable(new WebSocket(`${t.url.replace('http', 'ws')}/cable`, ['actioncable-v1-json', 'actioncable-unsupported'], options));
    await eventually('welcome', () => cable.says('welcome') ?? (cable.closed && Promise.reject(new Error('closed'))));
    return cable;
  }

  says(type: string): ServerFrame | undefined {
    return this.said.find((frame) => frame.type === type);
  }

  /** Subscribes and waits for the answer. */
  async subscribe(room: object): Promise<'confirm_subscription' | 'reject_subscription'> {
    const identifier = JSON.stringify({ channel: 'RoomChannel', ...room });
    this.command('subscribe', identifier);
    return eventually('an answer', () => this.said.find((frame) => frame.identifier === identifier)?.type as 'confirm_subscription' | undefined);
  }

  command(command: string, identifier: string, data?: object): void {
    this.socket.send(JSON.stringify({ command, identifier, ...(data && { data: JSON.stringify(data) }) }));
  }

  of(event: string): CableFrame[] {
    return this.frames.filter((frame) => frame.event === event);
  }

  hears(event: string, fits: (frame: CableFrame) => boolean = () => true, timeoutMs?: number): Promise<CableFrame> {
    return eventually(`${event} is heard`, () => this.frames.find((frame) => frame.event === event && fits(frame)), timeoutMs);
  }

  close(): void {
    this.socket.terminate();
  }
}

/** What a member subscribes with, from their profile. */
export async function roomOf(t: TestApp, person: Person, accountId: number): Promise<{ pubsub_token: string; account_id: number; user_id: number }> {
  const { body } = await call(t, person, 'GET', '/api/v1/profile');
  return { pubsub_token: body.pubsub_token, account_id: accountId, user_id: person.id };
}

import { Agent, request } from 'node:http';
import { call, eventually } from './http.js';
import type { Person } from './factories.js';
import { TestSocket, type WireFrame } from './sockets.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- the dashboard's own reducers, of another compilation */

/** Posts at a steady pace like a dashboard: with ids of its own, again until it was accepted. */
export class SteadyPoster {
  readonly accepted: string[] = [];
  /** Answers and errors other than acceptance. */
  readonly refusals: string[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly url: string, private readonly who: Person, private readonly path: string, private readonly name: string, private readonly paceMs: number) {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    for (let n = 0; !this.stopped; n += 1) {
      const started = Date.now();
      const echo = `${this.name}-${n}`;
      await eventually(`${echo} is accepted`, () => this.post(echo));
      this.accepted.push(echo);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.paceMs - (Date.now() - started))));
    }
  }

  private async post(echo: string): Promise<boolean> {
    try {
      const { status } = await call({ url: this.url } as never, this.who, 'POST', this.path, { content: echo, echo_id: echo });
      if (status !== 200) this.refusals.push(`${echo}: ${status}`);
      return status === 200;
    } catch (error) {
      this.refusals.push(`${echo}: ${((error as Error).cause as { code?: string })?.code ?? (error as Error).message}`);
      return false;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }
}

/** An agent's dashboard: what the socket pushes and what catching up brings, put in order by the dashboard's own code. */
export class FollowingAgent {
  readonly applied: WireFrame[] = [];
  private state: any;
  private asking = 0;
  private constructor(private readonly url: string, private readonly who: Person, private readonly account: number, private readonly reducers: any) {
    this.state = reducers.emptySequence;
  }

  static async start(url: string, who: Person, account: number): Promise<{ agent: FollowingAgent; socket: TestSocket }> {
    // By a computed path: the dashboard is compiled by its own rules, not by the server's.
    const agent = new FollowingAgent(url, who, account, await import(['../../client/src/realtime', 'sequence.reduce.ts'].join('/')));
    const socket = await TestSocket.open(url, '/agent', { api_access_token: who.token, account_id: account }, { reconnectionDelay: 20, reconnectionDelayMax: 100 });
    socket.socket.on('event', (frame: WireFrame) => agent.take(agent.reducers.received(agent.state, frame)));
    socket.socket.on('sync', ({ last_seq }: { last_seq: number }) => agent.take(agent.reducers.synced(agent.state, last_seq)));
    socket.socket.on('disconnect', () => { agent.state = agent.reducers.interrupted(agent.state); });
    for (const { last_seq } of socket.syncs.map((n) => ({ last_seq: n }))) agent.take(agent.reducers.synced(agent.state, last_seq));
    return { agent, socket };
  }

  private take(step: any): void {
    this.state = step.state;
    this.applied.push(...step.apply.filter((frame: WireFrame) => frame.seq !== undefined));
    if (step.fetchAfter !== undefined) void this.catchUp(step.fetchAfter);
  }

  private async catchUp(after: number): Promise<void> {
    const question = ++this.asking;
    // As in the dashboard: what was asked before the connection broke is answered too early.
    const isWaitedFor = (): boolean => question === this.asking && this.state.phase === 'fetching';
    const page = await call({ url: this.url } as never, this.who, 'GET', `/api/v1/accounts/${this.account}/events?after=${after}&limit=500`).catch(() => undefined);
    if (!isWaitedFor()) return;
    if (page?.status === 200) this.take(this.reducers.caughtUp(this.state, page.body.payload, page.body.meta));
    else setTimeout(() => { if (isWaitedFor()) void this.catchUp(after); }, 100);
  }
}

/** A client that keeps its one connection. */
export class KeptConnection {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private constructor(private readonly url: string) {}

  /** Connects and asks once. */
  static async open(url: string): Promise<KeptConnection> {
    const connection = new KeptConnection(url);
    if (await connection.ask()) throw new Error('The connection was not kept.');
    return connection;
  }

  /** Asks on until it is told to take another connection. Fails when the connection is reset before. */
  async untilToldToGo(): Promise<void> {
    while (!await this.ask()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private ask(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      request(`${this.url}/health`, { agent: this.agent }, (response) => {
        response.resume().once('end', () => resolve(response.headers.connection === 'close')).once('error', reject);
      }).once('error', reject).end();
    });
  }
}

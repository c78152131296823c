import { Queues } from '../../src/platform/queue/queues.js';
import type { Person } from '../factories.js';
import { call, eventually, type Answer } from '../http.js';
import { agentSocket, type TestSocket } from '../sockets.js';
import { startTestApp, type TestApp } from '../test-app.js';
import { declaredRoutes, type Route } from './declared-routes.js';
import { Features } from './feature.js';
import { furnish, furnishThings } from './furnish.js';
import { RowCounter } from './rows.js';
import { sample } from './shape.js';
import type { Side } from './side.js';

/** Stands in everything of the other account: must never come out. */
export const CANARY = 'canary-7f3a91';
/** An id that nothing has. */
export const NOBODY = 2_000_000_000;
/** One that fits no column of integers. */
export const BEYOND = 999_999_999_999_999;

export interface Request { params?: Record<string, string | number>; body?: unknown; query?: string; who?: Person | null; headers?: Record<string, string> }

/** One application, two accounts, all routes: what every test of the matrix works on. */
export class Matrix {
  /** What our people were told that is the other account's. */
  readonly leaks: string[] = [];
  /** Markup of ours that came back as markup. */
  readonly unsafe: string[] = [];
  private constructor(
    readonly t: TestApp, readonly features: Features, readonly routes: Route[], readonly ours: Side, readonly theirs: Side,
    readonly rows: RowCounter, readonly socket: TestSocket, readonly theirSocket: TestSocket, /** Of a bot of ours. */ readonly botToken: string,
  ) {}

  static async start(): Promise<Matrix> {
    const t = await startTestApp({ REQUESTS_PER_MINUTE: '0' });
    const [features, routes] = [await Features.load(), await declaredRoutes(t)];
    for (const { path, method } of routes) if (method === 'POST') features.collections.add(path.split('/').at(-1)!);
    const [ours, theirs] = [await furnish(t, 'ours', 0), await furnish(t, CANARY, 5)];
    const [socket, theirSocket] = [await agentSocket(t, ours.account.admin, ours.account.id), await agentSocket(t, theirs.account.admin, theirs.account.id)];
    const bot = await call<{ access_token: string }>(t, ours.account.admin, 'POST', `${ours.url}/agent_bots`, { name: 'Typist', outgoing_url: '' });
    const matrix = new Matrix(t, features, routes, ours, theirs, await RowCounter.open(t.database.url), socket, theirSocket, bot.body.access_token);
    const things = matrix.things();
    for (const side of [ours, theirs]) await furnishThings(side, things, routes, features);
    await matrix.settled();
    // Chats come up for a mail minutes later, which on a slow machine is while rows are being compared.
    await t.database.asOwner((client) => client.query('UPDATE mail_continuities SET due_at = NULL'));
    return matrix;
  }

  async close(): Promise<void> {
    this.socket.close();
    this.theirSocket.close();
    await this.rows.close();
    await this.t.close();
  }

  /** Waits until what was committed has been worked off, so that rows stand still. */
  async settled(): Promise<void> {
    await eventually('everything is dispatched', async () => this.t.database.asOwner(async (client) => (await client.query('SELECT FROM events WHERE dispatched_at IS NULL LIMIT 1')).rowCount === 0));
    const queues = this.t.app.get(Queues);
    await eventually('the queues are idle', async () => Object.values(await queues.depths()).every(({ waiting, active }) => waiting + active === 0));
    let last = await this.rows.look();
    await eventually('rows stand still', async () => {
      const now = await this.rows.look();
      const still = RowCounter.changed(last, now).length === 0;
      last = now;
      return still;
    });
  }

  /** What the path's names name. */
  paramThings(route: Route): Record<string, string> {
    const given = this.features.of(route).params?.(this.ours) ?? {};
    return Object.fromEntries(route.params.filter((name) => !(name in given)).map((name) => {
      const named = name === 'id' ? undefined : this.features.named(name);
      return [name, named ?? route.path.slice(0, route.path.indexOf(`{${name}}`)).split('/').filter(Boolean).at(-1)!];
    }));
  }

  private things(): Set<string> {
    return new Set(this.routes.flatMap((route) => Object.values(this.paramThings(route))));
  }

  /** The ids in a well-formed request of this side. */
  paramsOf(route: Route, side: Side): Record<string, string | number> {
    const things = Object.entries(this.paramThings(route)).map(([name, thing]) => [name, side.ids.get(thing)!]);
    return { ...Object.fromEntries(things), ...this.features.of(route).params?.(side) };
  }

  /** A body that is taken. Throws, and says what to do, where none is known. */
  bodyOf(route: Route, side: Side): unknown {
    if (!route.body) return undefined;
    const { body } = this.features.of(route);
    const made: unknown = typeof body === 'function' ? body(side) : body ?? sample(route.body, (path) => side.ids.get(this.features.named(path) ?? '') as number | undefined);
    const fits = made !== undefined && route.body.safeParse(made).success;
    if (!fits) throw new Error(`No body is known that ${route.name} takes. Add to server/test/matrix/features/<your feature>.ts: routes: { '${route.name}': { body: … } }`);
    return made;
  }

  queryOf(route: Route, side: Side): string {
    const made = this.features.of(route).query ?? (route.query ? sample(route.query, (path) => side.ids.get(this.features.named(path) ?? '') as number | undefined) as Record<string, unknown> | undefined : {});
    if (!made) throw new Error(`No query is known that ${route.name} takes. Add to server/test/matrix/features/<your feature>.ts: routes: { '${route.name}': { query: { … } } }`);
    return [...Object.entries(made), ...Object.entries(this.features.door(route)?.query?.(side) ?? {})]
      .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  }

  /** Asks as one of ours: well-formed, but for what is said otherwise. */
  async ask(route: Route, request: Request = {}, side = this.ours): Promise<Answer> {
    const params = { ...this.paramsOf(route, side), ...request.params };
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const query = [this.queryOf(route, side), request.query ?? ''].filter(Boolean).join('&');
    const door = this.features.door(route);
    const who = request.who !== undefined ? request.who : door ? null : route.access.who === 'platform' ? side.platform : side.account.admin;
    const body = 'body' in request ? request.body : this.bodyOf(route, side);
    const answer = await this.send(() => call(this.t, who, route.method, query ? `${path}?${query}` : path, body, { ...door?.headers?.(side), ...request.headers }));
    this.watch(route, answer);
    return answer;
  }

  // Some doors are throttled by the hour; the matrix knocks faster than anybody.
  private async send(once: () => Promise<Answer>): Promise<Answer> {
    const answer = await once();
    if (answer.status !== 429) return answer;
    await this.t.database.asOwner((client) => client.query('DELETE FROM throttles'));
    this.t.clock.advance(3_600_000);
    return once();
  }

  private watch(route: Route, { body, status }: Answer): void {
    const text = JSON.stringify(body ?? '');
    // What is of the whole installation is of the other account too.
    if (text.includes(CANARY) && route.access.who !== 'super_administrator') this.leaks.push(`${route.name} → ${status} ${text.slice(Math.max(0, text.indexOf(CANARY) - 80), text.indexOf(CANARY) + 80)}`);
    if (/"\w*_html":"(?:[^"\\]|\\.)*<(script|img[^>]*onerror)/.test(text)) this.unsafe.push(`${route.name} → ${text.slice(0, 200)}`);
  }
}

/** Runs the probe on each route and names those that answered otherwise. */
export async function wrong(routes: Route[], probe: (route: Route) => Promise<Answer | undefined>, fine: (answer: Answer, route: Route) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const route of routes) {
    const answer = await probe(route);
    if (answer && !fine(answer, route)) found.push(said(route, answer));
  }
  return found;
}
export const said = (route: Route, answer: Answer, what = ''): string => `${route.name}${what && ` with ${what}`} → ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 160)}`;

import { ChannelRegistry } from '../../src/channels/contract/channel-registry.js';
import { call, type Answer } from '../http.js';
import type { Route } from './declared-routes.js';
import { garbageFor, queryGarbageFor } from './garbage.js';
import { said, type Matrix } from './matrix.js';
import { RowCounter } from './rows.js';
import { fieldsOf, sample, withField } from './shape.js';

/** Far more than a refusal takes, however busy the machine: a request that grows with what it is sent takes minutes. */
const PATIENCE_MS = 60_000;

/** Breaks one field of a good request at a time. Answers what was taken, or refused without naming the field, and what was stored all the same. */
export async function garbageByField(m: Matrix): Promise<{ failures: string[]; probes: number }> {
  const failures: string[] = [];
  let probes = 0;
  let rows = await m.rows.look();
  for (const route of m.routes) {
    const free = m.features.of(route).takesAnything ?? [];
    const probe = async (path: string, what: string, ask: () => Promise<Answer>): Promise<void> => {
      if (free.includes(path)) return;
      probes += 1;
      const asked = performance.now();
      const answer = await ask();
      const took = performance.now() - asked;
      if (took > PATIENCE_MS) failures.push(said(route, answer, `${what} in ${path} (after ${Math.round(took)} ms)`));
      if (!isRefused(answer) || !names(answer, path)) failures.push(said(route, answer, `${what} in ${path}`));
    };
    for (const field of route.body ? fieldsOf(route.body) : []) {
      for (const [what, value] of garbageFor(field)) await probe(field.path, what, () => m.ask(route, { body: withField(m.bodyOf(route, m.ours), field.path, value) }));
    }
    for (const field of route.query ? fieldsOf(route.query) : []) {
      for (const [what, value] of queryGarbageFor(field)) await probe(field.path, what, () => m.ask(route, { query: value }));
    }
    const now = await m.rows.look();
    for (const change of RowCounter.changed(rows, now)) failures.push(`${route.name} stored something of what it refused: ${change}`);
    rows = now;
  }
  return { failures, probes };
}

/** The same for the settings of each channel, which the channel itself checks: in a new inbox, and in one that is there. */
export async function garbageByChannelSetting(m: Matrix): Promise<{ failures: string[]; probes: number }> {
  const failures: string[] = [];
  let probes = 0;
  const before = await m.rows.look();
  for (const channel of m.t.app.get(ChannelRegistry).all()) {
    for (const field of fieldsOf(channel.configSchema)) {
      for (const [what, value] of garbageFor(field)) {
        probes += 1;
        const settings = withField(sample(channel.configSchema, () => undefined), field.path, value) as object;
        const answer = await call(m.t, m.ours.account.admin, 'POST', `${m.ours.url}/inboxes`, { name: 'x', channel: { ...settings, type: channel.id } });
        if (!isRefused(answer) || !names(answer, field.path)) failures.push(`an inbox of ${channel.id} with ${what} in ${field.path} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 160)}`);
      }
    }
  }
  return { failures: [...failures, ...RowCounter.changed(before, await m.rows.look())], probes };
}

const isRefused = ({ status }: Answer): boolean => status >= 400 && status < 500;

/** Whether the answer says which field it is, or what it is inside of. */
function names({ body }: Answer, path: string): boolean {
  const attributes = (body as { attributes?: unknown } | undefined)?.attributes;
  return Array.isArray(attributes) && attributes.map((a) => String(a).replace(/\.\d+/g, '.0')).some((a) => a === path || a.startsWith(`${path}.`) || path.startsWith(`${a}.`));
}

/** Fields whose names look like ids of something nobody has told the matrix of. */
export const unnamedIds = (m: Matrix, routes: Route[]): string[] => routes.flatMap((route) => [route.body, route.query].filter((schema) => schema !== undefined)
  .flatMap((schema) => fieldsOf(schema)).filter(({ kind, path }) => (kind === 'number' || kind === 'text') && m.features.named(path) === undefined)
  .map(({ path }) => `${route.name}: what does "${path}" name? Say names: { ${path.split('.').at(-1)!}: 'the things' | null } in server/test/matrix/features/<your feature>.ts`));

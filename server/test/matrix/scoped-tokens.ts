import { TOKEN_SCOPES } from '../../src/identity/access/token-areas.js';
import { call } from '../http.js';
import { wrong, type Matrix } from './matrix.js';
import type { Side } from './side.js';
import { RowCounter } from './rows.js';

async function tokenFor(side: Side, scopes: readonly string[]): Promise<Record<string, string>> {
  const made = await call<{ token: string }>(side.t, side.account.admin, 'POST', `${side.url}/scoped_tokens`, { name: 'Matrix', scopes });
  return { api_access_token: made.body.token };
}

/** Asks every route with a token that may do everything but what the route wants, and with one of the other account. Answers what they opened or changed. */
export async function beyondTheirScope(m: Matrix): Promise<string[]> {
  const guarded = m.routes.filter(({ access, scope }) => access.who !== 'public' && access.who !== 'platform' && scope !== 'any');
  const openers = new Map<string | undefined, Record<string, string>>();
  for (const scope of new Set(guarded.map((route) => route.scope))) {
    openers.set(scope, await tokenFor(m.ours, TOKEN_SCOPES.filter((one) => scope === undefined || (one !== scope && one !== scope.replace(':read', ':write')))));
  }
  const foreign = await tokenFor(m.theirs, TOKEN_SCOPES);
  const as = (headers: Record<string, string>) => ({ who: { ...m.ours.account.admin, headers } });
  const before = await m.rows.look();
  const opened = [
    ...await wrong(guarded, (route) => m.ask(route, as(openers.get(route.scope)!)), ({ status, body }) => status === 403 && body.error_code === 'insufficient_scope'),
    ...await wrong(guarded.filter((route) => route.scope), (route) => m.ask(route, as(foreign)), ({ status }) => status === 401 || status === 404),
  ];
  return [...opened, ...RowCounter.changed(before, await m.rows.look())];
}

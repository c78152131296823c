import { inQuery } from './garbage.js';
import { BEYOND, NOBODY, said, type Matrix } from './matrix.js';
import { RowCounter } from './rows.js';
import { fieldsOf, withField } from './shape.js';
import { unnamedIds } from './garbage-by-field.js';

/** Puts ids of the other account, and ids of nothing, into each field that names something. Answers what was not refused, or linked all the same. */
export async function foreignIds(m: Matrix): Promise<string[]> {
  const failures = unnamedIds(m, m.routes);
  let rows = await m.rows.look();
  for (const route of m.routes) {
    for (const { path, kind } of route.body ? fieldsOf(route.body) : []) {
      const thing = kind === 'number' || kind === 'text' ? m.features.named(path) : null;
      if (!thing) continue;
      for (const [what, id] of [['their', m.theirs.ids.get(thing)], ['too large an', BEYOND]]) {
        const answer = await m.ask(route, { body: withField(m.bodyOf(route, m.ours), path, id) });
        const drops = m.features.of(route).dropsForeign?.includes(path) ?? false;
        if (drops) {
          if (new RegExp(`"\\w*${path.split('.').at(-1)!}":${String(id)}\\b`).test(JSON.stringify(answer.body))) failures.push(`${said(route, answer, `${what} ${path}`)}: linked`);
          await m.settled();
          rows = await m.rows.look();
        } else if (![404, 422].includes(answer.status) && !(route.access.who === 'platform' && answer.status === 401)) failures.push(said(route, answer, `${what} ${path}`));
      }
    }
    for (const { path, kind } of route.query ? fieldsOf(route.query) : []) {
      const thing = kind === 'number' || kind === 'text' ? m.features.named(path) : null;
      if (!thing) continue;
      const asked = (id: unknown) => m.ask(route, { query: `${inQuery(path)}=${String(id)}`, ...(route.method !== 'GET' && { body: {} }) });
      const [theirs, nobodys] = [await asked(m.theirs.ids.get(thing)), await asked(NOBODY)];
      const beyond = await asked(BEYOND);
      if (beyond.status >= 500) failures.push(said(route, beyond, `too large a ${path}`));
      // A filter may find nothing, as long as it cannot be told from one that names nothing. Apps of the platform are told what is not theirs to name.
      const same = theirs.status === nobodys.status && JSON.stringify(theirs.body) === JSON.stringify(nobodys.body) || route.access.who === 'platform' && theirs.status === 401;
      if (theirs.status >= 500 || !same) failures.push(said(route, theirs, `their ${path}`));
    }
    const now = await m.rows.look();
    for (const change of RowCounter.changed(rows, now)) failures.push(`${route.name} stored something of what it refused: ${change}`);
    rows = now;
  }
  return failures;
}

/** The same fields with ids of our own: what is refused all the same. */
export async function ownIds(m: Matrix): Promise<string[]> {
  const failures: string[] = [];
  const last = m.routes.filter(({ method }) => method === 'DELETE');
  for (const route of [...m.routes.filter(({ method }) => method !== 'DELETE'), ...last]) {
    const { answers, neverTaken } = m.features.of(route);
    if (answers) continue;
    for (const { path, kind } of route.body ? fieldsOf(route.body) : []) {
      const thing = kind === 'number' || kind === 'text' ? m.features.named(path) : null;
      if (!thing || neverTaken?.includes(path)) continue;
      const answer = await m.ask(route, { body: withField(m.bodyOf(route, m.ours), path, m.ours.ids.get(thing)) });
      if (answer.status > 299) failures.push(`${said(route, answer, `our own ${path}`)}: give it a body that takes one, or say neverTaken: ['${path}']`);
    }
  }
  return failures;
}

import { expect } from '@jest/globals';
import { SuperAdministrators } from '../../src/identity/access/super-administrators.repository.js';
import { SystemWork } from '../../src/platform/database/unit-of-work.js';
import { makeAccount, makeMember } from '../factories.js';
import { makePlatformApp } from '../factories-machines.js';
import { call } from '../http.js';
import type { TestApp } from '../test-app.js';
import { makeWebChat, openBrowser } from '../widget.js';
import type { Route } from './declared-routes.js';
import type { Features } from './feature.js';
import { sample } from './shape.js';
import type { Side } from './side.js';

/** An account with one conversation; `before` further ones came first, so that its number is higher than the other account's. */
export async function furnish(t: TestApp, mark: string, before: number): Promise<Side> {
  const account = await makeAccount(t, `${mark} account`);
  const url = `/api/v1/accounts/${account.id}`;
  const inbox = await makeWebChat(t, account, { hmac_mandatory: false, selected_feature_flags: ['attachments', 'emoji_picker', 'end_conversation'] }, { name: `${mark} inbox` });
  let visitor = await openBrowser(t, inbox);
  let written;
  for (let i = 0; i <= before; i++) {
    visitor = await openBrowser(t, inbox);
    written = await visitor.call<{ id: number; conversation_id: number }>('POST', 'messages', { message: { content: `${mark} hello` }, custom_attributes: { note: mark } });
    expect(written.status).toBe(200);
  }
  expect((await visitor.call('PATCH', 'contact', { name: `${mark} person`, email: `${mark}@example.org` })).status).toBe(200);
  const conversation = written!.body.conversation_id;
  const answer = await call<{ id: number }>(t, account.admin, 'POST', `${url}/conversations/${conversation}/messages`, { content: `${mark} answer` });
  const shown = await call<{ meta: { sender: { id: number } } }>(t, account.admin, 'GET', `${url}/conversations/${conversation}`);
  // Ours is the first account, so its administrator runs the installation.
  await t.app.get(SystemWork).run((tx) => t.app.get(SuperAdministrators).addFirst(tx, account.admin.id));
  const [outsider, platform] = [await makeMember(t, account.id), await makePlatformApp(t)];
  return {
    t, account, url, mark, outsider, platform, inbox, visitor, conversation, message: answer.body.id, visitorsMessage: written!.body.id, contact: shown.body.meta.sender.id,
    ids: new Map<string, number | string>([['accounts', account.id]]),
  };
}

/** Makes one of everything that paths and fields name, on this side. */
export async function furnishThings(side: Side, things: Iterable<string>, routes: Route[], features: Features): Promise<void> {
  for (const thing of things) {
    if (side.ids.has(thing)) continue;
    const maker = features.maker(thing);
    side.ids.set(thing, maker ? await maker(side) : await byPosting(side, thing, routes, features));
  }
}

async function byPosting(side: Side, thing: string, routes: Route[], features: Features): Promise<number> {
  const hint = `Say how to make one of "${thing}" in server/test/matrix/features/<your feature>.ts: things: { ${thing}: async (side) => id }`;
  const route = routes.find(({ method, path, params }) => method === 'POST' && path === `/api/v1/accounts/{account_id}/${thing}` && params.length === 1);
  if (!route) throw new Error(`No route makes "${thing}". ${hint}`);
  const given = features.of(route).body;
  const body = given ? (typeof given === 'function' ? given(side) : given)
    : route.body && sample(route.body, (path) => side.ids.get(features.named(path) ?? '') as number | undefined);
  const made = await call<{ id?: number; payload?: { id?: number }; data?: { id?: number } }>(side.t, side.account.admin, 'POST', `${side.url}/${thing}`, body);
  const id = made.body?.id ?? made.body?.payload?.id ?? made.body?.data?.id;
  if (typeof id !== 'number') throw new Error(`POST ${thing} with ${JSON.stringify(body)} answered ${made.status} ${JSON.stringify(made.body)?.slice(0, 300)}. ${hint}`);
  return id;
}

import { expect } from '@jest/globals';
import { makeMember, unique, type AccountWithAdmin, type Person } from './factories.js';
import { call } from './http.js';
import type { TestApp } from './test-app.js';
import { useTestChannels } from './test-channel.js';

export interface MadeInbox { id: number; name: string; website_token?: string; inbox_identifier?: string; [key: string]: unknown }

/** An inbox made by the account's administrator; of the chat-like test channel unless another type is named. Nothing is handed out in it by itself unless asked for. */
export async function makeInbox(t: TestApp, account: AccountWithAdmin, overrides: { name?: string; type?: string; channel?: object; members?: Person[]; [key: string]: unknown } = {}): Promise<MadeInbox> {
  const { type = 'test_chat', channel, members = [], ...settings } = overrides;
  if (type.startsWith('test_')) useTestChannels(t);
  const made = await call<MadeInbox>(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inboxes`, { name: `Inbox ${unique()}`, enable_auto_assignment: false, ...settings, channel: { type, ...channel } });
  expect(made.status).toBe(200);
  if (members.length > 0) {
    expect((await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inbox_members`, { inbox_id: made.body.id, user_ids: members.map((m) => m.id) })).status).toBe(200);
  }
  return made.body;
}

/** An agent who is a member of these inboxes. */
export async function makeAgentIn(t: TestApp, account: AccountWithAdmin, ...inboxes: MadeInbox[]): Promise<Person> {
  const agent = await makeMember(t, account.id);
  for (const inbox of inboxes) {
    expect((await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inbox_members`, { inbox_id: inbox.id, user_ids: [agent.id] })).status).toBe(200);
  }
  return agent;
}

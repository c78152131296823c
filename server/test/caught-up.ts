import type { AccountWithAdmin } from './factories.js';
import type { MadeConversation } from './factories-conversations.js';
import { call, eventually } from './http.js';
import type { TestApp } from './test-app.js';

/** Frames of a conversation, oldest first, as sockets and catch-up give them; waits for so many. */
export const caughtUp = (t: TestApp, account: AccountWithAdmin, of: MadeConversation, event: string, n = 1) => eventually(`${n} ${event}`, async () => {
  const { body } = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/events?after=0`);
  const found = (body.payload as { event: string; data: { id: number; changes: Record<string, unknown> } }[]).filter((e) => e.event === event && e.data.id === of.id);
  return found.length >= n && found;
});

/** What stands in a conversation that nobody wrote, oldest first. */
export const activityLines = async (t: TestApp, account: AccountWithAdmin, of: MadeConversation): Promise<string[]> =>
  ((await call(t, account.admin, 'GET', `${of.url}/messages`)).body.payload as { message_type: number; content: string }[]).filter((m) => m.message_type === 2).map((m) => m.content);

import { expect } from '@jest/globals';
import { makeInbox, type MadeInbox } from './factories-inboxes.js';
import type { AccountWithAdmin } from './factories.js';
import { call, type Answer } from './http.js';
import type { TestApp } from './test-app.js';

/** A browser with the chat open: calls the widget API as its page does. */
export interface Browser {
  token: string;
  call<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
}

/** A web chat inbox of the account. */
export const makeWebChat = (t: TestApp, account: AccountWithAdmin, channel: object = {}, settings: object = {}): Promise<MadeInbox> =>
  makeInbox(t, account, { type: 'web_widget', channel: { website_url: 'https://foodbank.example', ...channel }, ...settings });

export const widgetPath = (inbox: MadeInbox, path: string): string => `/api/v1/widget/${path}${path.includes('?') ? '&' : '?'}website_token=${inbox.website_token}`;

/** A browser that comes for the first time. */
export async function openBrowser(t: TestApp, inbox: MadeInbox, config: object = {}): Promise<Browser> {
  const started = await call(t, null, 'POST', widgetPath(inbox, 'config'), config);
  expect(started.status).toBe(200);
  return browserWith(t, inbox, started.body.website_channel_config.auth_token as string);
}

/** A browser that kept this token. */
export function browserWith(t: TestApp, inbox: MadeInbox, token: string): Browser {
  return { token, call: (method, path, body, headers = {}) => call(t, null, method, widgetPath(inbox, path), body, { 'x-auth-token': token, ...headers }) };
}

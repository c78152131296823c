import type { FrameMethod } from '../../protocol/protocol';
import { request, RequestFailed } from '../api/http';
import { useLocale } from '../i18n/i18n';
import { newEchoId } from '../outbox/queue';
import { pendingAttributes, pendingLabels, sent } from '../outbox/sender';
import { keepToken, reload } from '../session';
import { chat } from '../state';
import { storage } from '../storage';
import { applyTheme } from '../theme';
import { tellHost } from './bridge';

type Attributes = Record<string, unknown>;

/** Identifies the visitor. The same facts again cost no request; another identifier starts with a clean slate. */
async function setUser(identifier: string, user: Attributes): Promise<void> {
  const facts = JSON.stringify([identifier, user]);
  const before = storage.read('user');
  if (before === facts) return;
  if (before && (JSON.parse(before) as [string])[0] !== identifier) storage.write('outbox', null);
  const answer = await request<{ widget_auth_token?: string | null }>('PATCH', 'contact/set_user', { ...user, identifier });
  storage.write('user', facts);
  if (answer.widget_auth_token) {
    keepToken(answer.widget_auth_token);
    storage.write('visitor', newEchoId());
  }
  await reload();
}

async function run(method: FrameMethod, args: unknown[]): Promise<unknown> {
  if (/Label|Conversation/.test(method)) await sent();
  switch (method) {
    case 'setUser':
      return setUser(String(args[0]), (args[1] ?? {}) as Attributes);
    case 'setCustomAttributes':
      chat.contact = await request('PATCH', 'contact', { custom_attributes: args[0] });
      return;
    case 'deleteCustomAttribute':
      return request('POST', 'contact/destroy_custom_attributes', { custom_attributes: [args[0]] });
    case 'setConversationCustomAttributes':
      if (chat.conversation) return request('POST', 'conversations/set_custom_attributes', { custom_attributes: args[0] });
      return Object.assign(pendingAttributes, args[0]);
    case 'deleteConversationCustomAttribute':
      if (chat.conversation) return request('POST', 'conversations/destroy_custom_attributes', { custom_attributes: [args[0]] });
      return delete pendingAttributes[String(args[0])];
    case 'setLabel':
      if (chat.conversation) return request('POST', 'labels', { label: String(args[0]) });
      return pendingLabels.add(String(args[0]));
    case 'removeLabel':
      pendingLabels.delete(String(args[0]));
      return chat.conversation && request('DELETE', `labels/${encodeURIComponent(String(args[0]))}`);
    case 'setLocale':
      chat.settings.locale = String(args[0]);
      return useLocale([chat.settings.locale, ...navigator.languages, chat.config.locale]);
    case 'setColorScheme':
      chat.settings.darkMode = args[0] as typeof chat.settings.darkMode;
      return applyTheme();
    case 'reset':
      storage.clear();
      keepToken(null);
      return reload();
  }
}

/** Carries out a method of `window.$porchlight`. Failures go to the host as `error`. */
export async function carryOut(method: FrameMethod, args: unknown[]): Promise<void> {
  try {
    await run(method, args);
  } catch (error) {
    const failed = error instanceof RequestFailed ? error : null;
    tellHost({ type: 'event', name: 'error', detail: { method, status: failed?.status ?? 0, message: failed?.reason || String(error) } });
  }
}

import type { FrameMethod } from '../../protocol/protocol';
import { request, RequestFailed } from '../api/http';
import { useLocale } from '../i18n/i18n';
import { newEchoId } from '../outbox/queue';
import { pendingAttributes } from '../outbox/sender';
import { keepToken, reload } from '../session';
import { chat } from '../state';
import { storage } from '../storage';
import { applyTheme } from '../theme';
import { tellHost } from './bridge';

type Attributes = Record<string, unknown>;

/** Identifies the visitor. The same facts again cost no request; another identifier starts with a clean slate. */
async function setUser(identifier: string, user: Attributes): Promise<boolean> {
  const facts = JSON.stringify([identifier, user]);
  const before = storage.read('user');
  if (before === facts) return false;
  if (before && (JSON.parse(before) as [string])[0] !== identifier) storage.write('outbox', null);
  const answer = await request<{ widget_auth_token?: string | null }>('PATCH', 'contact/set_user', { ...user, identifier });
  storage.write('user', facts);
  if (answer.widget_auth_token) {
    keepToken(answer.widget_auth_token);
    storage.write('visitor', newEchoId());
  }
  await reload();
  return Boolean(answer.widget_auth_token);
}

async function run(method: FrameMethod, args: unknown[]): Promise<boolean> {
  switch (method) {
    case 'setUser':
      return setUser(String(args[0]), (args[1] ?? {}) as Attributes);
    case 'setCustomAttributes':
      await request('PATCH', 'contact', { custom_attributes: args[0] });
      return false;
    case 'deleteCustomAttribute':
      await request('POST', 'contact/destroy_custom_attributes', { custom_attributes: [args[0]] });
      return false;
    case 'setConversationCustomAttributes':
      if (chat.conversation) await request('POST', 'conversations/set_custom_attributes', { custom_attributes: args[0] });
      else Object.assign(pendingAttributes, args[0]);
      return false;
    case 'setLocale':
      chat.settings.locale = String(args[0]);
      await useLocale([chat.settings.locale, ...navigator.languages, chat.config.locale]);
      return false;
    case 'setColorScheme':
      chat.settings.darkMode = args[0] as typeof chat.settings.darkMode;
      applyTheme();
      return false;
    case 'reset':
      storage.clear();
      keepToken(null);
      await reload();
      return true;
  }
}

/** Carries out a method of `window.$porchlight`; resolves to whether the visitor is now another one. Failures go to the host as `error`. */
export async function carryOut(method: FrameMethod, args: unknown[]): Promise<boolean> {
  try {
    return await run(method, args);
  } catch (error) {
    const failed = error instanceof RequestFailed ? error : null;
    tellHost({ type: 'event', name: 'error', detail: { method, status: failed?.status ?? 0, message: failed?.reason || String(error) } });
    return false;
  }
}

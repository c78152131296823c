/**
 * What the loader on the host page and the chat in the iframe say to each other.
 * Every message is one object with `porchlight: 1`. Both sides check origin and window of what they receive and
 * name the other's origin in what they send; only `hello`, which carries nothing, goes out to any origin.
 */
export const version = 1;

export type ColorScheme = 'light' | 'auto' | 'dark';

/** Where the visitor is on the host site. */
export interface PageInfo {
  url: string;
  title: string;
  referrer: string;
}

/** The part of the host's settings the chat needs. */
export interface FrameSettings {
  locale?: string;
  darkMode?: ColorScheme;
}

/** Methods of `window.$porchlight` that the chat carries out. */
export const frameMethods = [
  'setUser', 'setCustomAttributes', 'deleteCustomAttribute', 'setConversationCustomAttributes', 'deleteConversationCustomAttribute',
  'setLabel', 'removeLabel', 'setLocale', 'setColorScheme', 'reset',
] as const;
export type FrameMethod = (typeof frameMethods)[number];

export type HostMessage =
  | { type: 'init'; settings: FrameSettings; page: PageInfo; open: boolean; kept: Record<string, string> }
  /** Another tab of the host site kept something else under `key`. */
  | { type: 'kept'; key: string; value: string | null }
  | { type: 'visibility'; open: boolean; page: PageInfo }
  | { type: 'call'; method: FrameMethod; args: unknown[] };

export const hostEvents = ['on-message', 'on-start-conversation', 'postback', 'error'] as const;
export type HostEvent = (typeof hostEvents)[number];

export type FrameMessage =
  | { type: 'hello' }
  | { type: 'ready'; color: string; locale: string }
  | { type: 'close' }
  | { type: 'unread'; count: number }
  /** Whether this visitor has something worth loading the chat for on the next page. */
  | { type: 'active'; active: boolean }
  /** Something the host page keeps for the chat, because the browser gives the iframe no storage of its own. */
  | { type: 'keep'; key: string; value: string | null }
  | { type: 'event'; name: HostEvent; detail: unknown };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const record = (value: unknown): Record<string, unknown> | null => (isObject(value) && value.porchlight === version ? value : null);

const isPage = (value: unknown): boolean => isObject(value) && typeof value.url === 'string';

/** The envelope put on the wire. */
export function seal<T extends HostMessage | FrameMessage>(message: T): T & { porchlight: number } {
  return { ...message, porchlight: version };
}

/** The host's message in `data`, or null for anything else that happens to be posted. */
export function readHostMessage(data: unknown): HostMessage | null {
  const message = record(data);
  if (!message) return null;
  switch (message.type) {
    case 'init':
      return isObject(message.settings) && isObject(message.kept) && isPage(message.page) ? (message as unknown as HostMessage) : null;
    case 'kept':
      return typeof message.key === 'string' ? (message as unknown as HostMessage) : null;
    case 'visibility':
      return typeof message.open === 'boolean' && isPage(message.page) ? (message as unknown as HostMessage) : null;
    case 'call':
      return frameMethods.includes(message.method as FrameMethod) && Array.isArray(message.args) ? (message as unknown as HostMessage) : null;
    default:
      return null;
  }
}

const frameTypes = ['hello', 'ready', 'close', 'unread', 'active', 'keep', 'event'];

/** The chat's message in `data`, or null for anything else that happens to be posted. */
export function readFrameMessage(data: unknown): FrameMessage | null {
  const message = record(data);
  if (!message || !frameTypes.includes(message.type as string)) return null;
  if (message.type === 'keep' && typeof message.key !== 'string') return null;
  if (message.type === 'unread' && !Number.isInteger(message.count)) return null;
  if (message.type === 'event' && !hostEvents.includes(message.name as HostEvent)) return null;
  return message as unknown as FrameMessage;
}

/** Whether a message event really comes from the expected window at the expected origin. */
export function comesFrom(event: { origin: string; source: unknown }, origin: string, source: unknown): boolean {
  return source !== null && event.source === source && event.origin === origin;
}

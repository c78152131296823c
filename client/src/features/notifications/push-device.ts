import { http } from '../../api/http';
import type { components } from '../../api/generated';
import type { Id } from '../../api/types';

export type Device = components['schemas']['NotificationDevice'];
interface Devices { payload: Device[]; push_public_key: string; session_id: Id | null }
/** Why this browser cannot be told things while the dashboard is closed; `ready` when it can. */
export type PushState = 'ready' | 'insecure' | 'homeScreen' | 'unsupported' | 'denied';

const DEVICES = '/api/v1/notification_subscriptions';
const WORKER = `${import.meta.env.BASE_URL}push-worker.js`;
const KEY = 'porchlight.push';
/** Who wants to be told on this device, and by which session it was added last. */
interface Kept { userId: Id; sessionId: Id | null; showsText: boolean }

export function pushState(): PushState {
  if (!window.isSecureContext) return 'insecure';
  // Apple has it for pages on the home screen alone.
  if ((navigator as { standalone?: boolean }).standalone === false && !('PushManager' in window)) return 'homeScreen';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported';
  return Notification.permission === 'denied' ? 'denied' : 'ready';
}

export const fetchDevices = () => http.get<Devices>(DEVICES);
export const removeDevice = (id: Id) => http.delete(`${DEVICES}/${id}`);

/** Adds this browser to the devices of the person. To be called from a click: it may ask. False when the person or the browser says no. */
export async function addThisDevice(userId: Id, showsText: boolean): Promise<boolean> {
  if (await Notification.requestPermission() !== 'granted') return false;
  const { push_public_key: key, session_id: sessionId } = await fetchDevices();
  await tell(await subscription(key), showsText);
  keep({ userId, sessionId, showsText });
  return true;
}

/** Takes this browser off the list, here and at its push service. */
export async function dropThisDevice(devices: readonly Device[]): Promise<void> {
  const held = await heldSubscription();
  keep(undefined);
  const listed = devices.find((device) => device.identifier === held?.endpoint);
  if (listed) await removeDevice(listed.id);
  await held?.unsubscribe();
}

/** The address at which this browser is told things, when it is. */
export const thisEndpoint = async (): Promise<string | undefined> => (await heldSubscription())?.endpoint;

/** After a new sign-in the device is added again for the person who wanted it; one that was taken off the list elsewhere stays off. */
export async function resumePush(userId: Id): Promise<void> {
  const kept = stored();
  if (kept?.userId !== userId || pushState() !== 'ready' || Notification.permission !== 'granted') return;
  const { payload, push_public_key: key, session_id: sessionId } = await fetchDevices();
  const held = await heldSubscription();
  if (held && payload.some((device) => device.identifier === held.endpoint && device.shows_text === kept.showsText)) return;
  if (held && kept.sessionId === sessionId && !payload.some((device) => device.identifier === held.endpoint)) return dropThisDevice([]);
  await tell(await subscription(key), kept.showsText);
  keep({ ...kept, sessionId });
}

/** Whether this browser tells the person by push, so that the open page need not call as well. */
export const isPushedHere = (userId: Id): boolean => stored()?.userId === userId && 'Notification' in window && Notification.permission === 'granted';

const tell = (subscribed: PushSubscription, showsText: boolean) =>
  http.post(DEVICES, { subscription_type: 'browser_push', subscription_attributes: { ...subscribed.toJSON(), shows_text: showsText } });

async function heldSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration(WORKER);
  return await registration?.pushManager?.getSubscription() ?? null;
}

/** Subscribes for the key of this installation; what was held for another one, after a move, is of no use. */
async function subscription(key: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(trusted(WORKER), { scope: import.meta.env.BASE_URL });
  const { pushManager } = await navigator.serviceWorker.ready;
  const held = await pushManager.getSubscription();
  const mine = bytesOf(key);
  if (held && sameBytes(held.options.applicationServerKey, mine)) return held;
  await held?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: mine });
}

const bytesOf = (text: string) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const sameBytes = (held: ArrayBuffer | null, mine: Uint8Array): boolean => held !== null && new Uint8Array(held).join() === mine.join();

/** The page's policy lets no text become a script without being asked; this one address is. */
function trusted(address: string): string {
  interface Policies { createPolicy(name: string, rules: { createScriptURL(given: string): string }): { createScriptURL(given: string): string } }
  const { trustedTypes } = window as { trustedTypes?: Policies };
  policy ??= trustedTypes?.createPolicy('push-worker', { createScriptURL: (given) => { if (given !== WORKER) throw new TypeError('Not our worker'); return given; } });
  return policy?.createScriptURL(address) ?? address;
}
let policy: { createScriptURL(given: string): string } | undefined;

function stored(): Kept | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Kept> | null;
    return typeof found?.userId === 'number' ? { userId: found.userId, sessionId: found.sessionId ?? null, showsText: found.showsText === true } : undefined;
  } catch {
    return undefined;
  }
}

function keep(now: Kept | undefined): void {
  try {
    if (now) localStorage.setItem(KEY, JSON.stringify(now));
    else localStorage.removeItem(KEY);
  } catch {
    // It holds until the person signs out.
  }
}

import { createECDH } from 'node:crypto';
import webPush from 'web-push';
import type { OutboundRequest } from '../../platform/outbound-http/outbound-http.js';

/** The key pair by which push services know this installation (VAPID, RFC 8292), base64url. */
export interface PushKeys { publicKey: string; privateKey: string }
/** What a browser gave when it agreed to be told things. */
export interface PushSubscription { endpoint: string; p256dh: string; auth: string }
export interface PushOptions { keys: PushKeys; subject: string; ttlSeconds: number; urgency: 'normal' | 'high'; topic: string }

/** A new key pair. */
export const makePushKeys = (): PushKeys => webPush.generateVAPIDKeys();

/** The request that tells a browser something: encrypted for it alone (RFC 8291), signed by us, and not sent yet. It goes through our own client, which guards where it leads. */
export function pushRequest({ endpoint, p256dh, auth }: PushSubscription, payload: string, { keys, subject, ttlSeconds, urgency, topic }: PushOptions): OutboundRequest {
  const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
    vapidDetails: { subject, ...keys }, TTL: ttlSeconds, urgency, topic, contentEncoding: 'aes128gcm',
  });
  return { method: 'POST', url: endpoint, body: body!, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])) };
}

/** The keys of a subscription, as browsers give them or as Chatwoot's dashboard sends them. Undefined when nothing can be encrypted with them. */
export function subscriptionKeys(attributes: Record<string, unknown>): Pick<PushSubscription, 'p256dh' | 'auth'> | undefined {
  const given = (attributes['keys'] ?? attributes) as Record<string, unknown>;
  const [p256dh, auth] = [bytesOf(given['p256dh']), bytesOf(given['auth'])];
  if (p256dh?.length !== 65 || auth?.length !== 16 || !isOnCurve(p256dh)) return undefined;
  return { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') };
}

const bytesOf = (text: unknown): Buffer | undefined => (typeof text === 'string' && /^[\w+/=-]{1,120}$/.test(text) ? Buffer.from(text, 'base64') : undefined);

function isOnCurve(point: Buffer): boolean {
  const curve = createECDH('prime256v1');
  curve.generateKeys();
  try {
    curve.computeSecret(point);
    return true;
  } catch {
    return false;
  }
}

import { createHash, createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** A delivery's id: the same for every try of the same message, so that a receiver can drop what it has. Looks like a UUID. */
export function deliveryId(...parts: (string | number)[]): string {
  const hash = createHash('sha256').update(parts.join('/')).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/**
 * Headers that let a receiver check who sent the body and when: Chatwoot's, signed with the secret as it is shown, and those of Standard Webhooks,
 * whose key is what follows `whsec_`, base64 decoded.
 */
export function signedHeaders(body: string, secret: string | undefined, delivery: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const id = `msg_${delivery.replaceAll('-', '')}`;
  const unsigned = { 'x-chatwoot-delivery': delivery, 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (!secret) return unsigned;
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
  return {
    ...unsigned,
    'x-chatwoot-timestamp': timestamp,
    'x-chatwoot-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
    'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  };
}

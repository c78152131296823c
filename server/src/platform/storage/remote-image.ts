import { text } from '../http/schema-fields.js';
import type { OutboundHttp, OutboundOutcome } from '../outbound-http/outbound-http.js';
import { contentTypeOf, isImage, SNIFFED_BYTES } from './content-type.js';

/** A picture that was fetched, of a kind that every browser shows and that cannot run. */
export interface RemoteImage { type: string; bytes: Buffer }

const LONGEST = 2_048;
/** Where a picture is to be fetched, in a body's schema. A text that is no address is as good as none: programs send empty ones, leftovers and whole pictures as `data:`, and nothing hangs on it. */
export const imageAddress = text(500_000).trim().transform((given) => (given.length <= LONGEST && /^https?:\/\//i.test(given) && URL.canParse(given) ? given : null)).nullish();

/** The picture there, or undefined when there is none that could be shown. Never throws: other people's servers fail in every way. */
export async function fetchImage(http: OutboundHttp, address: string, limits: { timeoutMs: number; maxBytes: number }): Promise<RemoteImage | undefined> {
  const ask = (url: string): Promise<OutboundOutcome> => http.send({ method: 'GET', url, headers: { accept: 'image/avif,image/webp,image/png,image/jpeg,image/gif' }, ...limits });
  const outcome = await ask(address);
  // Elsewhere we go only by https, and nearly everybody who writes http has both.
  return imageIn(outcome.kind === 'refused' && /^http:/i.test(address) ? await ask(address.replace(/^http:/i, 'https:')) : outcome);
}

async function imageIn(outcome: OutboundOutcome): Promise<RemoteImage | undefined> {
  if (outcome.kind !== 'answered' || outcome.status !== 200 || outcome.truncated) return undefined;
  // By its bytes; what the server says of them proves nothing.
  const type = await contentTypeOf(outcome.body.subarray(0, SNIFFED_BYTES), '', '');
  return isImage(type) ? { type, bytes: outcome.body } : undefined;
}

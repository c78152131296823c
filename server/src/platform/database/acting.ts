import { currentRequest } from '../logging/request-context.js';

// Visitors change no settings.
const ACTOR = /^(user|bot|platform) \d{1,15}$/;
// It goes into SQL text, and an address may come from a proxy's header.
const plain = (text: string, allowed: RegExp): string => text.replace(allowed, '').slice(0, 64);

/** Tells the transaction that begins for which request it works; triggers of the audit log read it. */
export function acting(): string {
  const request = currentRequest();
  if (!request) return '';
  return `; SET LOCAL app.acting = '${ACTOR.test(request.actor ?? '') ? request.actor : ''}|${plain(request.address, /[^0-9a-fA-F.:]/g)}|${plain(request.id, /[^\w-]/g)}'`;
}

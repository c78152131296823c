import type { HydratedConversation } from './conversation-reader.js';

const HOUR_MS = 3_600_000;

/** Whether the contact can be answered now. A limit that is no number of hours is none. */
export function canReply({ reply_window: given, last_incoming_at: last }: Pick<HydratedConversation, 'reply_window' | 'last_incoming_at'>, now: number): boolean {
  const hours = typeof given === 'number' || typeof given === 'string' ? Number.parseFloat(String(given)) : Number.NaN;
  return !(hours > 0) || (last !== null && now < last.getTime() + hours * HOUR_MS);
}

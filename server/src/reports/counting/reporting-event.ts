import type { Tally } from './tally.js';

/** What Chatwoot calls the things that happen in a conversation. */
export const REPORTING_EVENTS = ['conversation_opened', 'conversation_resolved', 'conversation_bot_resolved', 'conversation_bot_handoff', 'first_response', 'reply_time'] as const;
export type ReportingEventName = (typeof REPORTING_EVENTS)[number];

/** One of them, with the message or activity line that made it so. */
export interface ReportingEvent { name: ReportingEventName; messageId: number; userId: number | null; start: Date; end: Date; value: number; valueInBusinessHours: number }

const HOUR = 3600;

/** What an event adds to the sums. */
export function tallyOf({ name, value, valueInBusinessHours: business }: Pick<ReportingEvent, 'name' | 'value' | 'valueInBusinessHours'>): Tally {
  switch (name) {
    case 'conversation_opened': return {};
    case 'conversation_resolved': return { resolutions: 1, resolution_seconds: value, resolution_business_seconds: business };
    case 'conversation_bot_resolved': return { bot_resolutions: 1 };
    case 'conversation_bot_handoff': return { bot_handoffs: 1 };
    case 'reply_time': return { replies: 1, reply_seconds: value, reply_business_seconds: business };
    case 'first_response': return { first_responses: 1, first_response_seconds: value, first_response_business_seconds: business, ...rangeOf(value) };
  }
}

/** Which part of the distribution a first response belongs to; what took longer than a day is what the others leave. */
function rangeOf(value: number): Tally {
  if (value < HOUR) return { first_responses_1h: 1 };
  if (value < 4 * HOUR) return { first_responses_4h: 1 };
  if (value < 8 * HOUR) return { first_responses_8h: 1 };
  return value < 24 * HOUR ? { first_responses_24h: 1 } : {};
}

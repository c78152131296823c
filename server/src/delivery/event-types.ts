import type { Cause } from '../platform/database/transaction.js';

/**
 * Every event type and its payload. Domains add theirs in `x.events.ts` by declaration merging:
 * `declare module '../../delivery/event-types.js' { interface EventTypes { 'message.created': { message_id: number } } }`.
 * Events are past facts: ids and small facts, never whole rows.
 */
export interface EventTypes {
  /** The account's own settings changed. */
  'account.updated': Record<string, never>;
}

export type EventType = keyof EventTypes & string;

/** An event to be appended in the transaction that makes it true. */
export type NewEvent = { [T in EventType]: EventOf<T> }[EventType];

interface EventOf<T extends EventType> { type: T; payload: EventTypes[T]; conversationId?: number; actorId?: number }

/** An event as the relay hands it out: numbered within its account, without gaps. */
export type StoredEvent<T extends EventType = EventType> = {
  [K in T]: { id: number; seq: number; account_id: number; type: K; payload: EventTypes[K] & { caused_by?: Cause }; conversation_id: number | null; actor_id: number | null; created_at: Date }
}[T];

import { SetMetadata } from '@nestjs/common';
import type { EventType, StoredEvent } from '../delivery/event-types.js';

export const REALTIME_SOURCE = 'realtime source';

/** Who gets a frame. The gateway decides from memberships kept on the server, never from names a client sends. */
export type Audience =
  | { to: 'account' }
  /** Administrators and the members of the inbox. */
  | { to: 'inbox'; inboxId: number }
  | { to: 'user'; userId: number }
  /** The visitor behind one identity (contact_inboxes.id). */
  | { to: 'visitor'; contactInboxId: number };

/** One frame on the wire: Chatwoot's event name and its data, built by the same presenters as REST. */
export interface Frame { audience: Audience; event: string; data: object }

/**
 * Turns stored events into frames. Called by the relay for a batch at once, and again for catch-up: load everything in a bounded number of
 * statements, present the state as it is now, and leave out what is gone.
 */
export interface RealtimeSource<T extends EventType = EventType> {
  frames(accountId: number, events: StoredEvent<T>[]): Promise<Map<number, Frame[]>>; // by event id
  /** The same for Chatwoot's own clients, where what they expect differs from `frames`. Asked only while one of them listens. */
  cableFrames?(accountId: number, events: StoredEvent<T>[]): Promise<Map<number, Frame[]>>;
}

/** Marks a provider as the source of frames for these event types; the realtime module finds it at start. One source per type. */
export const Pushes = (...types: EventType[]): ClassDecorator => SetMetadata(REALTIME_SOURCE, types);

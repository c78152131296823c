/** What a visitor told about themselves in the form before the chat; sent before the first message. */
export interface Introduction {
  contact: Record<string, unknown>;
  conversation: Record<string, unknown>;
}

/** A message of the visitor that the server has not taken yet. `echoId` makes sending it again harmless. */
export interface Outgoing {
  echoId: string;
  content: string;
  /** Unix seconds. */
  createdAt: number;
  state: 'waiting' | 'sending' | 'failed';
  reason?: string;
  introduction?: Introduction;
  /** Starts a new conversation instead of going on with the last one. */
  fresh?: boolean;
  /** Only in memory: files do not survive a reload. */
  files?: File[];
  /** Share of the upload, 0 to 1. */
  progress?: number;
}

/** What to do after an attempt: it is in, try later, log in again, or show the reason. */
export type Outcome = 'accepted' | 'later' | 'session' | 'rejected';

/** Reads an HTTP status (0 = no answer). Only a clear "no" is final, and so is "in an hour" or "no room": who waits so long wants to know. */
export function outcomeOf(status: number, retryAfter = 0): Outcome {
  if (status >= 200 && status < 300) return 'accepted';
  if (status === 401) return 'session';
  if (status === 507 || retryAfter > 99) return 'rejected';
  return !status || status === 408 || status === 429 || status >= 500 ? 'later' : 'rejected';
}

/** Milliseconds until the next attempt; `retryAfter` in seconds wins over doubling from 1 s to 30 s. */
export function delayBefore(attempt: number, retryAfter = 0): number {
  return retryAfter > 0 ? retryAfter * 1000 : Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10));
}

/** The next message to send, oldest first. A failed one does not hold the others up. */
export function nextToSend(queue: readonly Outgoing[]): Outgoing | undefined {
  return queue.find((message) => message.state === 'waiting');
}

/** The queue as text for storage: without files, whose messages would be empty after a reload. */
export function serialize(queue: readonly Outgoing[]): string | null {
  const kept = queue.filter((message) => !message.files?.length).map(({ progress: _progress, files: _files, ...message }) => message);
  return kept.length ? JSON.stringify(kept) : null;
}

/** The queue from storage. A message that was on its way when the page went waits again; damaged entries are left out. */
export function restore(text: string | null): Outgoing[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return (parsed as Partial<Outgoing>[])
    .filter((entry) => typeof entry?.echoId === 'string' && typeof entry.content === 'string' && typeof entry.createdAt === 'number')
    .map((entry) => ({ ...(entry as Outgoing), state: entry.state === 'failed' ? 'failed' : 'waiting' }));
}

/** This tab's queue with what another tab stored: files stay, stored texts win, texts sent or removed elsewhere go. */
export function adopt(own: readonly Outgoing[], stored: readonly Outgoing[]): Outgoing[] {
  const known = new Map(own.map((message) => [message.echoId, message]));
  const merged = stored.map((message) => (known.get(message.echoId)?.state === 'sending' ? known.get(message.echoId)! : message));
  return [...merged, ...own.filter((message) => message.files?.length)].sort((a, b) => a.createdAt - b.createdAt);
}

/** An id of ours for a message, 32 hex digits; works on pages without TLS too, where randomUUID does not exist. */
export function newEchoId(random: Uint8Array = crypto.getRandomValues(new Uint8Array(16))): string {
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

import type { Attachment } from '../../../api/types';
import type { Recipients } from '../composer/recipients';

/**
 * `held` waits for a change of mind, `ready` for its turn (or the connection), `sending` is on its way.
 * `failed` waits for the person: try again or discard.
 */
export type OutgoingState = 'held' | 'ready' | 'sending' | 'failed';

/** A message this client has accepted but the server not yet. Its `echoId` makes sending it twice harmless. */
export interface Outgoing {
  echoId: string;
  conversationId: number;
  content: string;
  private: boolean;
  inReplyTo: number | null;
  files: OutgoingFile[];
  /** Whom it goes to, where people are reached by address. */
  recipients?: Recipients;
  state: OutgoingState;
  /** Milliseconds since 1970. */
  createdAt: number;
  heldUntil: number;
  /** Resolve the conversation once it is sent. */
  resolve: boolean;
  error: string | null;
}

export interface OutgoingFile {
  name: string;
  size: number;
  type: string;
  blob: Blob;
  /** Share of the bytes that have left, 0 to 1. */
  progress: number;
}

/** What sending ended in. `unreachable` means nobody knows whether it arrived; the echo id makes a second try safe. */
export type SendOutcome = { kind: 'accepted' } | { kind: 'refused'; error: string } | { kind: 'unreachable' };

/** Messages that may leave now: per conversation the oldest that did not fail, so that the order is kept. */
export function due(items: Outgoing[], now: number): Outgoing[] {
  const heads = new Map<number, Outgoing>();
  for (const item of items) {
    if (item.state !== 'failed' && !heads.has(item.conversationId)) heads.set(item.conversationId, item);
  }
  return [...heads.values()].filter((item) => item.state === 'ready' || (item.state === 'held' && item.heldUntil <= now));
}

/** When the next held message comes due; null when none is held. */
export function nextDue(items: Outgoing[]): number | null {
  const times = items.filter(({ state }) => state === 'held').map(({ heldUntil }) => heldUntil);
  return times.length ? Math.min(...times) : null;
}

/** Nothing of that conversation is held any longer: the next message was written, or the person went elsewhere. */
export function release(items: Outgoing[], conversationId: number | null): Outgoing[] {
  return items.map((item) => (item.state === 'held' && (conversationId === null || item.conversationId === conversationId) ? { ...item, state: 'ready' } : item));
}

/** Changes one message; the others stay the same objects. */
export function update(items: Outgoing[], echoId: string, changes: Partial<Outgoing>): Outgoing[] {
  return items.map((item) => (item.echoId === echoId ? { ...item, ...changes } : item));
}

/** The server has it (it answered, or its event came), or the person took it back. */
export function drop(items: Outgoing[], echoId: string): Outgoing[] {
  return items.some((item) => item.echoId === echoId) ? items.filter((item) => item.echoId !== echoId) : items;
}

/** What becomes of a message after a try. */
export function settled(items: Outgoing[], echoId: string, outcome: SendOutcome): Outgoing[] {
  if (outcome.kind === 'accepted') return drop(items, echoId);
  if (outcome.kind === 'refused') return update(items, echoId, { state: 'failed', error: outcome.error });
  return update(items, echoId, { state: 'ready' });
}

/** After a reload: what was on its way may or may not have arrived, and nothing is held any longer. */
export function restored(items: Outgoing[]): Outgoing[] {
  return items
    .map((item): Outgoing => (item.state === 'failed' ? item : { ...item, state: 'ready', files: item.files.map((file) => ({ ...file, progress: 0 })) }))
    .sort((a, b) => a.createdAt - b.createdAt);
}

/** Shares the bytes sent so far among the files, in the order they travel. */
export function spreadProgress(files: OutgoingFile[], sentBytes: number): OutgoingFile[] {
  let left = sentBytes;
  return files.map((file) => {
    const done = Math.max(0, Math.min(file.size, left));
    left -= file.size;
    return { ...file, progress: file.size === 0 ? 1 : done / file.size };
  });
}

/** Stands in for the server's attachment until it answers. */
export function asAttachment(file: OutgoingFile, index: number, url: string): Attachment {
  const kind = file.type.split('/')[0] ?? '';
  return {
    id: -index - 1, message_id: 0, file_type: ['image', 'audio', 'video'].includes(kind) ? kind : 'file', content_type: file.type, extension: null, width: null, height: null,
    data_url: url, thumb_url: kind === 'image' ? url : '', file_size: file.size, file_name: file.name,
  };
}

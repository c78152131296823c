import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { asApiError } from '../../../api/errors';
import { useOnline } from '../../../composables/useOnline';
import type { AgentEvent } from '../../../realtime/agent-event.types';
import type { Recipients } from '../composer/recipients';
import { postMessage, postWhileLeaving, type NewMessage } from '../conversations.api';
import { useConversationThread } from './conversation-thread.store';
import { dropCached, readAllCached, writeCached } from './device-cache';
import { drop, due, nextDue, release, restored, settled, spreadProgress, update, type Outgoing, type OutgoingFile } from './outbox.reduce';
import { useScope } from './scope.store';

export interface Draftlet {
  conversationId: number;
  content: string;
  private: boolean;
  inReplyTo: number | null;
  files: File[];
  recipients?: Recipients;
  /** Milliseconds during which it can be taken back. */
  hold: number;
  resolve: boolean;
}

const RETRY_MS = 5_000;
/** A request that outlives its page may carry no more than this. */
const KEEPALIVE_BYTES = 60_000;

/** Messages that were written but are not on the server yet; they survive a reload and a lost connection. */
export const useOutbox = defineStore('outbox', () => {
  const scope = useScope();
  const threads = useConversationThread();
  const online = useOnline();
  const items = shallowRef<Outgoing[]>([]);
  const sentAndResolve = shallowRef<(conversationId: number) => void>(() => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const key = (item: Pick<Outgoing, 'echoId' | 'createdAt'>) => `${scope.key}.${item.echoId}`;
  const of = (conversationId: number): Outgoing[] => items.value.filter((item) => item.conversationId === conversationId);

  /** Takes over what an earlier visit left unsent. `onResolve` is called for "send and resolve" once the message is accepted. */
  async function open(onResolve: (conversationId: number) => void) {
    sentAndResolve.value = onResolve;
    const kept = await readAllCached<Outgoing>('outbox', `${scope.key}.`);
    items.value = [...restored(kept), ...items.value];
    pump();
  }

  function send(draft: Draftlet): Outgoing {
    const files: OutgoingFile[] = draft.files.map((blob) => ({ name: blob.name, size: blob.size, type: blob.type, blob, progress: 0 }));
    const now = Date.now();
    const item: Outgoing = {
      echoId: crypto.randomUUID?.() ?? `${now}-${Math.random().toString(36).slice(2)}`, conversationId: draft.conversationId, content: draft.content, private: draft.private,
      inReplyTo: draft.inReplyTo, files, ...(draft.recipients && { recipients: draft.recipients }), state: draft.hold > 0 ? 'held' : 'ready', createdAt: now, heldUntil: now + draft.hold, resolve: draft.resolve, error: null,
    };
    // Writing the next message means that the one before was meant.
    items.value = [...release(items.value, draft.conversationId), item];
    void writeCached('outbox', key(item), item);
    pump();
    return item;
  }

  /** Takes a message back that has not left; answers it, or null when it was too late. */
  function undo(echoId: string): Outgoing | null {
    const item = items.value.find((other) => other.echoId === echoId);
    if (!item || item.state === 'sending') return null;
    forget(item);
    return item;
  }

  function again(echoId: string) {
    items.value = update(items.value, echoId, { state: 'ready', error: null });
    pump();
  }

  /** Sends what is held in a conversation (or everywhere) now. */
  function flush(conversationId: number | null = null) {
    items.value = release(items.value, conversationId);
    pump();
  }

  /** The page goes away: what is small leaves with it, the rest goes at the next visit. */
  function leavePage() {
    for (const item of due(release(items.value, null), Date.now())) {
      const message = toMessage(item);
      if (item.files.length === 0 && new Blob([item.content]).size < KEEPALIVE_BYTES) postWhileLeaving(scope.accountId, item.conversationId, message);
    }
  }

  /** The only way for events in: a message that came back by the socket first has arrived. */
  function apply(event: AgentEvent) {
    if (event.event !== 'message.created' || !event.data.echo_id) return;
    const item = items.value.find(({ echoId }) => echoId === event.data.echo_id);
    // While it is being sent its own answer ends it: that one also knows about failing to resolve.
    if (item && item.state !== 'sending') accepted(item);
  }

  function forget(item: Outgoing) {
    items.value = drop(items.value, item.echoId);
    void dropCached('outbox', key(item));
  }

  function accepted(item: Outgoing) {
    forget(item);
    if (item.resolve) sentAndResolve.value(item.conversationId);
    pump();
  }

  const toMessage = (item: Outgoing): NewMessage => ({ content: item.content, private: item.private, echoId: item.echoId, inReplyTo: item.inReplyTo, files: item.files, recipients: item.recipients });

  async function transmit(item: Outgoing) {
    const of = scope.accountId;
    items.value = update(items.value, item.echoId, { state: 'sending' });
    const bytes = item.files.reduce((sum, { size }) => sum + size, 0);
    try {
      const message = await postMessage(of, item.conversationId, toMessage(item), (share) => {
        items.value = update(items.value, item.echoId, { files: spreadProgress(item.files, share * bytes) });
      });
      if (of !== scope.accountId) return;
      threads.take(message);
      accepted(item);
    } catch (problem) {
      const error = asApiError(problem);
      // One that says why is an answer too: no room for files, or none before an hour has passed.
      const reachable = error.code !== null || error.status === 507 || !error.offline && error.status !== 429 && error.status < 500;
      items.value = settled(items.value, item.echoId, reachable ? { kind: 'refused', error: error.message } : { kind: 'unreachable' });
      if (!reachable) later(RETRY_MS * (1 + Math.random()));
    }
  }

  function later(delay: number) {
    clearTimeout(timer);
    timer = setTimeout(pump, delay);
  }

  function pump() {
    if (!scope.accountId) return;
    const now = Date.now();
    if (navigator.onLine) for (const item of due(items.value, now)) void transmit(item);
    const next = nextDue(items.value);
    if (next !== null) later(Math.max(0, next - now));
  }

  watch(online, (back) => { if (back) pump(); });

  /** Forgets what is in memory; unsent messages stay on the device for the next visit. */
  function close() {
    leavePage();
    clearTimeout(timer);
    items.value = [];
  }

  return { items, of, open, close, send, undo, again, flush, leavePage, apply, refetch: () => undefined };
});

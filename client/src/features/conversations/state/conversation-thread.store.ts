import { defineStore } from 'pinia';
import { ref, shallowRef, triggerRef } from 'vue';
import { asApiError, type ApiError } from '../../../api/errors';
import type { Message } from '../../../api/types';
import { useRealtime } from '../../../realtime/realtime.store';
import type { AgentEvent } from '../../../realtime/agent-event.types';
import { deleteMessage, fetchMessages, retryMessage } from '../conversations.api';
import { newestLoaded, olderLoaded, put, reduceThreads, type Thread, type ThreadState } from './conversation-thread.reduce';
import { pruneSnapshots, readCached, writeCached } from './device-cache';
import { useScope } from './scope.store';

export const PAGE = 20;
const SNAPSHOT_MESSAGES = 40;
const SNAPSHOT_MS = 2_000;
/** A quoted message further back than this many pages is not gone to. */
const JUMP_PAGES = 25;

/** The messages of the conversations that were opened. */
export const useConversationThread = defineStore('conversation-thread', () => {
  const scope = useScope();
  const realtime = useRealtime();
  const threads = shallowRef<ThreadState>(new Map());
  const current = ref<number | null>(null);
  const loading = ref(false);
  const loadingOlder = ref(false);
  const error = shallowRef<ApiError | null>(null);
  const journal: AgentEvent[] = [];
  let inFlight = 0;
  let snapshotTimer: ReturnType<typeof setTimeout> | undefined;
  let snapshotOf: number | null = null;

  function changed(id: number | null) {
    triggerRef(threads);
    if (id === null) return;
    if (snapshotOf !== null && snapshotOf !== id) saveSnapshot();
    snapshotOf = id;
    clearTimeout(snapshotTimer);
    snapshotTimer = setTimeout(saveSnapshot, SNAPSHOT_MS);
  }

  async function fetching(request: () => Promise<Message[]>, merge: (page: Message[]) => void): Promise<void> {
    const from = journal.length;
    inFlight++;
    try {
      merge(await request());
      for (const event of journal.slice(from)) reduceThreads(threads.value, event);
    } finally {
      if (--inFlight === 0) journal.length = 0;
    }
  }

  /** Opens a conversation: from memory or this device at once, then from the server. */
  async function open(id: number) {
    current.value = id;
    error.value = null;
    if (!threads.value.has(id)) {
      const snapshot = await readCached<{ messages: Message[] }>('snapshots', threadKey(id));
      if (snapshot && !threads.value.has(id)) {
        threads.value.set(id, { messages: snapshot.messages, hasOlder: true });
        triggerRef(threads);
      }
    }
    await refresh(id);
  }

  async function refresh(id: number) {
    loading.value = true;
    try {
      await realtime.whenReady();
      await fetching(() => fetchMessages(scope.accountId, id), (page) => newestLoaded(threads.value, id, page, PAGE));
      if (current.value === id) error.value = null;
      changed(id);
    } catch (problem) {
      if (current.value === id) error.value = asApiError(problem);
    } finally {
      if (current.value === id) loading.value = false;
    }
  }

  /** Fetches one page of older messages; answers whether any came. */
  async function loadOlder(id: number): Promise<boolean> {
    const oldest = threads.value.get(id)?.messages[0];
    if (!oldest || loadingOlder.value || !threads.value.get(id)?.hasOlder) return false;
    loadingOlder.value = true;
    let came = 0;
    try {
      await fetching(() => fetchMessages(scope.accountId, id, { before: oldest.id }), (page) => {
        came = page.length;
        olderLoaded(threads.value, id, page, page.length >= PAGE);
      });
      changed(null);
    } finally {
      loadingOlder.value = false;
    }
    return came > 0;
  }

  /** Loads back to a message; answers whether it is there now. */
  async function reach(id: number, messageId: number): Promise<boolean> {
    for (let page = 0; page < JUMP_PAGES; page++) {
      const messages = threads.value.get(id)?.messages ?? [];
      if (messages.some((message) => message.id === messageId)) return true;
      if (!messages[0] || messages[0].id < messageId || !(await loadOlder(id))) return false;
    }
    return false;
  }

  /** The only way for events in. */
  function apply(event: AgentEvent) {
    if (!event.event.startsWith('message.') && event.event !== 'conversation.deleted') return;
    if (inFlight > 0) journal.push(event);
    reduceThreads(threads.value, event);
    changed(event.event === 'message.created' && threads.value.has(event.data.conversation_id) ? event.data.conversation_id : null);
  }

  /** Takes in a message some request answered with. */
  function take(message: Message) {
    put(threads.value, message);
    changed(message.conversation_id);
  }

  async function remove(message: Message) {
    take(await deleteMessage(scope.accountId, message.conversation_id, message.id));
  }

  async function retry(message: Message) {
    take(await retryMessage(scope.accountId, message.conversation_id, message.id));
  }

  const threadKey = (id: number) => `${scope.key}.thread.${id}`;

  function saveSnapshot() {
    const thread = snapshotOf === null ? undefined : threads.value.get(snapshotOf);
    if (!thread || snapshotOf === null) return;
    void writeCached('snapshots', threadKey(snapshotOf), { messages: thread.messages.slice(-SNAPSHOT_MESSAGES), at: Date.now() }).then(pruneSnapshots);
  }

  function refetch() {
    const open = current.value;
    for (const id of [...threads.value.keys()]) if (id !== open) threads.value.delete(id);
    if (open !== null) void refresh(open);
  }

  /** Forgets everything. */
  function close() {
    clearTimeout(snapshotTimer);
    snapshotOf = null;
    current.value = null;
    threads.value = new Map();
  }

  /** The loaded end of a conversation; undefined before anything came. Reactive. */
  const get = (id: number): Thread | undefined => threads.value.get(id);

  return { current, loading, loadingOlder, error, open, close, refresh, loadOlder, reach, apply, refetch, take, remove, retry, get };
});

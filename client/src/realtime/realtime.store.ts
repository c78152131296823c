import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { openAgentSocket, type AgentSocket } from './agent-socket';
import type { AgentEvent, EventPage } from './agent-event.types';
import { caughtUp, emptySequence, interrupted, received, synced, type Sequence, type SequenceStep } from './sequence.reduce';
import type { Availability } from '../api/types';

/** A store that follows the log. */
export interface EventListener {
  apply: (event: AgentEvent) => void;
  /** The log no longer reaches back to what this client saw: fetch everything shown anew. */
  refetch: () => void;
}

/** How `start` reaches the rest of the client. `fetchEvents` answers null when the log no longer reaches back (410). */
export interface RealtimeOptions {
  accountId: number;
  fetchEvents: (after: number) => Promise<EventPage | null>;
  onSessionRevoked: () => void;
}

export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'reconnecting';

const HEARTBEAT_MS = 20_000;
/** Waiting longer than this for the first sync would leave the screen empty behind a slow proxy. */
const READY_MS = 1_500;
const RETRY_MS = 3_000;
const MAX_DELAY_MS = 15_000;

/** The one subscription of the signed-in person: connection, place in the log, and who hears of what. */
export const useRealtime = defineStore('realtime', () => {
  const connection = ref<ConnectionState>('idle');
  const socket = shallowRef<AgentSocket | null>(null);
  const listeners = new Set<EventListener>();
  let options: RealtimeOptions | null = null;
  let sequence: Sequence = emptySequence;
  let asking = 0;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let refused: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  let viewing: number | null = null;
  let markReady: () => void = () => undefined;
  let ready = Promise.resolve();
  let awaited = false;

  function take(step: SequenceStep) {
    sequence = step.state;
    for (const event of step.apply) for (const listener of listeners) listener.apply(event);
    if (step.fetchAfter !== undefined) void catchUp(step.fetchAfter);
  }

  async function catchUp(after: number) {
    const asked = options;
    if (!asked) return;
    // An answer to what was asked before the connection broke ends too early: what happened while it was broken would be passed over.
    const question = ++asking;
    const isWaitedFor = () => options === asked && question === asking && sequence.phase === 'fetching';
    try {
      const page = await asked.fetchEvents(after);
      if (!isWaitedFor()) return;
      if (page) take(caughtUp(sequence, page.payload, page.meta));
      else startOver();
    } catch {
      // Live events keep waiting meanwhile; the next sync of a new connection asks again as well.
      retry = setTimeout(() => { if (isWaitedFor()) void catchUp(after); }, RETRY_MS * (1 + Math.random()));
    }
  }

  function startOver() {
    sequence = emptySequence;
    expectReady();
    // A new connection is the quickest way to a new starting point.
    socket.value?.disconnect().connect();
    void ready.then(refetchAll);
  }

  function refetchAll() {
    for (const listener of listeners) listener.refetch();
  }

  function expectReady() {
    awaited = true;
    ready = new Promise((resolve) => { markReady = resolve; });
    setTimeout(settleReady, READY_MS);
  }

  function settleReady() {
    awaited = false;
    markReady();
  }

  function syncedTo(lastSeq: number) {
    const first = sequence.seen === null;
    take(synced(sequence, lastSeq));
    if (!first) return;
    // What was fetched before reading began may already be out of date.
    if (!awaited) refetchAll();
    settleReady();
  }

  /** Connects and stays connected until `stop`. */
  function start(to: RealtimeOptions) {
    stop();
    options = to;
    expectReady();
    connection.value = 'connecting';
    const opened = openAgentSocket(to.accountId);
    socket.value = opened;
    opened.on('connect', () => {
      connection.value = 'connected';
      refusals = 0;
      opened.emit('presence', {});
      opened.emit('viewing', { conversation_id: viewing });
    });
    opened.on('event', (event) => take(received(sequence, event)));
    opened.on('sync', ({ last_seq }) => syncedTo(last_seq));
    opened.on('session_revoked', to.onSessionRevoked);
    opened.on('disconnect', () => {
      sequence = interrupted(sequence);
      comeBack(opened, to);
    });
    opened.on('connect_error', () => comeBack(opened, to));
    heartbeat = setInterval(() => { if (opened.connected) opened.emit('presence', {}); }, HEARTBEAT_MS);
  }

  function comeBack(opened: AgentSocket, from: RealtimeOptions) {
    if (options !== from) return;
    connection.value = 'reconnecting';
    // The client retries by itself only when the line broke, not when the server closed it or refused.
    if (opened.active) return;
    clearTimeout(refused);
    const delay = Math.min(MAX_DELAY_MS, 1_000 * 2 ** refusals++) * (0.5 + Math.random());
    refused = setTimeout(() => { if (options === from) opened.connect(); }, delay);
  }

  /** Leaves the socket and forgets the place in the log. */
  function stop() {
    clearInterval(heartbeat);
    clearTimeout(retry);
    clearTimeout(refused);
    options = null;
    sequence = emptySequence;
    socket.value?.removeAllListeners();
    socket.value?.disconnect();
    socket.value = null;
    connection.value = 'idle';
  }

  /** Adds a store; the answer removes it. */
  function listen(listener: EventListener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Resolves once events are being followed, so that what is fetched afterwards misses nothing (or soon, without a connection). */
  function whenReady(): Promise<void> {
    return ready;
  }

  /** Says which conversation is on screen; repeated by itself after a reconnect. */
  function setViewing(conversationId: number | null) {
    viewing = conversationId;
    if (socket.value?.connected) socket.value.emit('viewing', { conversation_id: conversationId });
  }

  /** Says that this person types, or stopped. */
  function setTyping(conversationId: number, on: boolean, isPrivate: boolean) {
    if (socket.value?.connected) socket.value.emit('typing', { conversation_id: conversationId, on, is_private: isPrivate });
  }

  /** Announces a new availability at once instead of with the next heartbeat. */
  function announce(availability: Availability) {
    if (socket.value?.connected) socket.value.emit('presence', { availability });
  }

  return { connection, start, stop, listen, whenReady, setViewing, setTyping, announce };
});

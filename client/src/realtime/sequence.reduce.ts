import type { AgentEvent } from './agent-event.types';

/**
 * How far this client has read the account's log; `seen` is null until the server has named a starting point.
 * Numbered events are applied only while `live`. While `holding` (connected, but not yet told how long the log is) or
 * `fetching` (asking for what was missed) they wait: applied before older ones they would be overwritten.
 */
export interface Sequence {
  seen: number | null;
  phase: 'holding' | 'live' | 'fetching';
  waiting: AgentEvent[];
}

/** What the caller has to do after a step. */
export interface SequenceStep {
  state: Sequence;
  apply: AgentEvent[];
  /** Ask for everything after this number. */
  fetchAfter?: number;
}

export const emptySequence: Sequence = { seen: null, phase: 'holding', waiting: [] };

/** An event came over the socket. */
export function received(state: Sequence, event: AgentEvent): SequenceStep {
  if (event.seq === undefined) return { state, apply: [event] };
  if (state.phase !== 'live') return { state: { ...state, waiting: [...state.waiting, event] }, apply: [] };
  const apply = unseen(state.seen, [event]);
  return { state: { ...state, seen: furthest(state.seen, apply) }, apply };
}

/** The server said how long the log is. The first time, that is where reading begins. */
export function synced(state: Sequence, lastSeq: number): SequenceStep {
  const seen = state.seen ?? lastSeq;
  if (state.phase === 'fetching') return { state, apply: [] };
  if (lastSeq > seen) return { state: { ...state, phase: 'fetching' }, apply: [], fetchAfter: seen };
  const apply = unseen(seen, state.waiting);
  return { state: { seen: furthest(seen, apply), phase: 'live', waiting: [] }, apply };
}

/** A page of what was missed came; more is asked for until the page says it is complete. */
export function caughtUp(state: Sequence, events: AgentEvent[], meta: { last_seq: number; complete: boolean }): SequenceStep {
  const missed = unseen(state.seen, events);
  // The log may hold events this person may not see: it is read as far as the page reaches even when nothing came for it.
  const seen = Math.max(furthest(state.seen, missed) ?? 0, meta.last_seq);
  const advanced = seen > (state.seen ?? -1);
  if (!meta.complete && advanced) return { state: { ...state, seen }, apply: missed, fetchAfter: seen };
  const late = unseen(seen, state.waiting);
  return { state: { seen: furthest(seen, late), phase: 'live', waiting: [] }, apply: [...missed, ...late] };
}

/** The connection is gone. Nothing numbered is applied again before the next sync. */
export function interrupted(state: Sequence): Sequence {
  return { ...state, phase: 'holding', waiting: [] };
}

function unseen(seen: number | null, events: AgentEvent[]): AgentEvent[] {
  let last = seen ?? -1;
  const ordered = [...events].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  return ordered.filter(({ seq }) => {
    if (seq === undefined || seq <= last) return false;
    last = seq;
    return true;
  });
}

function furthest(seen: number | null, events: AgentEvent[]): number | null {
  return events.reduce<number | null>((max, { seq }) => (seq === undefined ? max : Math.max(max ?? 0, seq)), seen);
}

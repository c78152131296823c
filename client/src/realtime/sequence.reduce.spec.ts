import { describe, expect, it } from '@jest/globals';
import { caughtUp, emptySequence, interrupted, received, synced, type Sequence } from './sequence.reduce';
import type { AgentEvent } from './agent-event.types';

const event = (seq: number): AgentEvent => ({ event: 'label.updated', data: { id: seq }, seq });
const seqs = (events: AgentEvent[]) => events.map((e) => e.seq);
const live = (seen: number): Sequence => ({ seen, phase: 'live', waiting: [] });

describe('reading the log', () => {
  it('begins where the first sync says, without what came before it', () => {
    const early = received(received(emptySequence, event(41)).state, event(42));
    expect(early.apply).toEqual([]);
    const step = synced(early.state, 41);
    expect(seqs(step.apply)).toEqual([42]);
    expect(step.state).toEqual(live(42));
    expect(step.fetchAfter).toBeUndefined();
  });

  it('applies what is new and drops what was seen', () => {
    const first = received(live(5), event(6));
    expect(seqs(first.apply)).toEqual([6]);
    expect(received(first.state, event(6)).apply).toEqual([]);
    expect(received(first.state, event(3)).apply).toEqual([]);
  });

  it('lets transient events through whatever is going on', () => {
    const presence: AgentEvent = { event: 'presence.update', data: { users: {}, contacts: {} } };
    for (const phase of ['holding', 'live', 'fetching'] as const) {
      expect(received({ ...live(9), phase }, presence).apply).toEqual([presence]);
    }
  });

  it('asks for what it missed, once', () => {
    const step = synced(live(5), 9);
    expect(step.fetchAfter).toBe(5);
    expect(synced(step.state, 10).fetchAfter).toBeUndefined();
    expect(synced(live(9), 9).fetchAfter).toBeUndefined();
  });

  it('applies live events after the missed ones, each once and in order', () => {
    const gap = synced(live(5), 8).state;
    const busy = received(received(gap, event(9)).state, event(8)).state;
    const step = caughtUp(busy, [event(6), event(7), event(8)], { last_seq: 8, complete: true });
    expect(seqs(step.apply)).toEqual([6, 7, 8, 9]);
    expect(step.state).toEqual(live(9));
  });

  it('goes on page by page and keeps live events waiting meanwhile', () => {
    const gap = received(synced(live(0), 4).state, event(5)).state;
    const first = caughtUp(gap, [event(1)], { last_seq: 2, complete: false });
    expect(seqs(first.apply)).toEqual([1]);
    expect(first.fetchAfter).toBe(2);
    const second = caughtUp(first.state, [event(3), event(4)], { last_seq: 4, complete: true });
    expect(seqs(second.apply)).toEqual([3, 4, 5]);
    expect(second.state).toEqual(live(5));
  });

  it('counts events it may not see as read', () => {
    const step = caughtUp(synced(live(5), 30).state, [], { last_seq: 30, complete: true });
    expect(step.state).toEqual(live(30));
    expect(synced(step.state, 30).fetchAfter).toBeUndefined();
  });

  it('does not go round in circles on a page that leads nowhere', () => {
    const step = caughtUp(synced(live(5), 30).state, [], { last_seq: 5, complete: false });
    expect(step.fetchAfter).toBeUndefined();
    expect(step.state).toEqual(live(5));
  });

  it('misses nothing when a live event overtakes the first sync after a broken connection', () => {
    const back = received(interrupted(live(5)), event(8));
    expect(back.apply).toEqual([]);
    const step = synced(back.state, 8);
    expect(step.fetchAfter).toBe(5);
    expect(seqs(caughtUp(step.state, [event(6), event(7), event(8)], { last_seq: 8, complete: true }).apply)).toEqual([6, 7, 8]);
  });

  it('asks from the same place again when a fetch was cut off', () => {
    const cut = interrupted(received(synced(live(5), 8).state, event(9)).state);
    expect(synced(cut, 9).fetchAfter).toBe(5);
  });
});

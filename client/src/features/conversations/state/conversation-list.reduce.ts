import type { AgentEvent, ConversationChanges } from '../../../realtime/agent-event.types';
import type { Contact, Conversation, EventMessage } from '../../../api/types';
import { compare, onTab, passes, queryKey, type ListFilter, type ListQuery } from './conversation-query';

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
}

/** The loaded part of one list, in order. */
export interface ListView {
  query: ListQuery;
  ids: number[];
  /** Where the next page begins; null when the list is loaded to its end. */
  cursor: string | null;
}

/**
 * Conversations once, by id; lists hold only ids. The reducers below change a state in place (a list has thousands of
 * entries and an event touches one) but never a conversation: a changed one is a new object.
 */
export interface ListState {
  me: number;
  entities: Map<number, Conversation>;
  views: Map<string, ListView>;
  counts: Map<string, { filter: ListFilter; counts: Counts }>;
  /** How many open conversations of this person hold something unread; null before the server said so. */
  waiting: number | null;
  /** The conversation that is open: its row stays where it is even when it no longer belongs there. */
  held: number | null;
}

/** What an event leaves to be fetched. */
export interface Wanted {
  /** Conversations that are not known here but may belong in a list now. */
  missing: number[];
  /** The counts can no longer be told from what is known. */
  recount: boolean;
}

const nothing: Wanted = { missing: [], recount: false };

/** A state that knows nothing yet, for the person with that user id. */
export function emptyList(me: number): ListState {
  return { me, entities: new Map(), views: new Map(), counts: new Map(), waiting: null, held: null };
}

/** Lets an event change the lists and counts. */
export function reduceList(state: ListState, event: AgentEvent): Wanted {
  switch (event.event) {
    case 'message.created':
    case 'message.updated':
      return spoken(state, event.data, event.event === 'message.created');
    case 'conversation.created':
      // Counts fetched meanwhile may hold it already: counted at once, and counted anew soon.
      if (adopt(state, event.data)) count(state, event.data, 1);
      return { missing: [], recount: true };
    case 'conversation.updated':
    case 'conversation.status_changed':
    case 'conversation.read':
    case 'assignee.changed':
    case 'team.changed':
      return changed(state, event.data.id, event.data.changes ?? {}, event.data.updated_at);
    case 'conversation.deleted':
      return deleted(state, event.data.id);
    case 'contact.updated':
      renamed(state, event.data);
      return nothing;
    default:
      return nothing;
  }
}

/** Takes in a conversation as the server has it, unless a newer one is known. Answers whether it was unknown; counts are not touched then. */
export function adopt(state: ListState, fetched: Conversation): boolean {
  const before = state.entities.get(fetched.id);
  if (before && before.updated_at > fetched.updated_at) return false;
  replace(state, before, fetched);
  return !before;
}

/** Puts a fetched page at the end of its list, or in place of it when it is the first. */
export function pageLoaded(state: ListState, query: ListQuery, page: Conversation[], cursor: string | null, first: boolean): void {
  const key = queryKey(query);
  const view = state.views.get(key);
  for (const conversation of page) adopt(state, conversation);
  const ids = page.map(({ id }) => id);
  if (first || !view) {
    const kept = view?.ids.find((id) => id === state.held);
    const merged = kept === undefined || ids.includes(kept) ? ids : withHeld(view?.ids ?? [], ids, kept);
    state.views.set(key, { query, ids: merged, cursor });
    return;
  }
  // `adopt` may have put a row of this page in already: the server's order counts.
  const fresh = new Set(ids);
  view.ids = [...view.ids.filter((id) => !fresh.has(id) || id === state.held), ...ids.filter((id) => id !== state.held || !view.ids.includes(id))];
  view.cursor = cursor;
}

/** A fresh beginning for a list that is loaded further: what should stand in it and does not is gone, what is below stays. */
export function beginningLoaded(state: ListState, query: ListQuery, page: Conversation[], cursor: string | null): void {
  const view = state.views.get(queryKey(query));
  const last = page.at(-1);
  if (!view || !last || cursor === null || view.ids.length <= page.length) return pageLoaded(state, query, page, cursor, true);
  for (const conversation of page) adopt(state, conversation);
  const fresh = page.map(({ id }) => id);
  const below = view.ids.filter((id) => {
    const known = state.entities.get(id);
    return known && !fresh.includes(id) && (id === state.held || compare(query, last, known) < 0);
  });
  view.ids = [...fresh, ...below];
}

/** Changes one conversation before the server has confirmed it; give back the old keys to undo. */
export function changeLocally(state: ListState, id: number, changes: ConversationChanges): void {
  const before = state.entities.get(id);
  if (before) replace(state, before, merged(before, changes));
}

/** The person opened (or closed) a conversation: rows kept only for the one before may leave now. */
export function hold(state: ListState, id: number | null): void {
  const before = state.held;
  if (before === id) return;
  state.held = id;
  const left = before === null ? undefined : state.entities.get(before);
  for (const view of state.views.values()) {
    if (before !== null && !view.query.conditions && view.ids.includes(before)) {
      view.ids = view.ids.filter((other) => other !== before);
      if (left && belongs(state, view.query, left)) insert(state, view, left);
    }
  }
}

function belongs(state: ListState, query: ListQuery, conversation: Conversation): boolean {
  return onTab(query.tab, conversation, state.me) && passes(query, conversation);
}

function spoken(state: ListState, message: EventMessage, created: boolean): Wanted {
  const before = state.entities.get(message.conversation_id);
  if (!before) return created ? { missing: [message.conversation_id], recount: true } : nothing;
  // The assignee comes as a number only; who that is arrives with assignee.changed.
  const { assignee_id: _assignee, id: _id, ...known } = message.conversation ?? {} as Partial<NonNullable<EventMessage['conversation']>>;
  const changes: ConversationChanges = { ...known };
  if (created && message.message_type !== 2) {
    changes.last_message_sender = speaker(message);
    changes.last_non_activity_message = message;
    // Who writes opens the time again in which they may be answered.
    if (message.message_type === 0) changes.can_reply = true;
  }
  if ((changes.last_activity_at ?? before.last_activity_at) < before.last_activity_at) return nothing;
  replace(state, before, merged(before, changes), created);
  return nothing;
}

function speaker(message: EventMessage): 'contact' | 'user' | 'bot' {
  const type = message.sender_type ?? message.sender?.type;
  if (message.message_type === 0) return 'contact';
  return type === 'AgentBot' || type === 'agent_bot' ? 'bot' : 'user';
}

function changed(state: ListState, id: number, changes: ConversationChanges, updatedAt: number): Wanted {
  const before = state.entities.get(id);
  if (!before) return { missing: [id], recount: true };
  if (updatedAt < before.updated_at) return nothing;
  replace(state, before, { ...merged(before, changes), updated_at: updatedAt });
  return nothing;
}

function deleted(state: ListState, id: number): Wanted {
  const before = state.entities.get(id);
  if (!before) return { missing: [], recount: true };
  count(state, before, -1);
  state.entities.delete(id);
  for (const view of state.views.values()) if (view.ids.includes(id)) view.ids = view.ids.filter((other) => other !== id);
  return nothing;
}

function renamed(state: ListState, contact: Contact): void {
  for (const conversation of state.entities.values()) {
    if (conversation.meta.sender.id !== contact.id) continue;
    const sender = { ...conversation.meta.sender, ...contact };
    state.entities.set(conversation.id, { ...conversation, meta: { ...conversation.meta, sender } });
  }
}

function merged(before: Conversation, { meta, ...changes }: ConversationChanges): Conversation {
  const after = { ...before, ...changes };
  return meta ? { ...after, meta: { ...before.meta, ...meta } } : after;
}

/** `touched`: it goes before those that changed in the same second. */
function replace(state: ListState, before: Conversation | undefined, after: Conversation, touched = false): void {
  state.entities.set(after.id, after);
  if (before) {
    count(state, before, -1);
    count(state, after, 1);
  }
  for (const view of state.views.values()) relocate(state, view, touched ? undefined : before, after);
}

function relocate(state: ListState, view: ListView, before: Conversation | undefined, after: Conversation): void {
  // Fetched anew when something happens.
  if (view.query.conditions) return;
  const index = view.ids.indexOf(after.id);
  const fits = belongs(state, view.query, after);
  if (index === -1) {
    if (fits) insert(state, view, after);
    return;
  }
  if (!fits && state.held === after.id) return;
  const stays = fits && before && compare(view.query, before, after) === 0;
  if (stays) return;
  view.ids = view.ids.filter((id) => id !== after.id);
  if (fits) insert(state, view, after);
}

/** Among equals the newcomer goes first: it changed last. Below the loaded part it stays out, paging will bring it. */
function insert(state: ListState, view: ListView, conversation: Conversation): void {
  const at = view.ids.findIndex((id) => {
    const other = state.entities.get(id);
    // A row that only stays because it is open is no landmark.
    if (!other || (id === state.held && !belongs(state, view.query, other))) return false;
    return compare(view.query, conversation, other) <= 0;
  });
  if (at === -1 && view.cursor !== null && conversation.id !== state.held) return;
  view.ids = at === -1 ? [...view.ids, conversation.id] : [...view.ids.slice(0, at), conversation.id, ...view.ids.slice(at)];
}

function withHeld(old: number[], ids: number[], held: number): number[] {
  const at = Math.min(old.indexOf(held), ids.length);
  return [...ids.slice(0, at), held, ...ids.slice(at)];
}

function count(state: ListState, conversation: Conversation, by: 1 | -1): void {
  const waits = conversation.status === 'open' && conversation.unread_count > 0 && onTab('me', conversation, state.me);
  if (state.waiting !== null && waits) state.waiting = Math.max(0, state.waiting + by);
  for (const entry of state.counts.values()) {
    if (!passes(entry.filter, conversation)) continue;
    entry.counts = {
      all: entry.counts.all + by,
      mine: entry.counts.mine + (onTab('me', conversation, state.me) ? by : 0),
      unassigned: entry.counts.unassigned + (onTab('unassigned', conversation, state.me) ? by : 0),
    };
  }
}

import { describe, expect, it } from '@jest/globals';
import type { AgentEvent } from '../../../realtime/agent-event.types';
import type { Agent, Contact, Conversation, EventMessage } from '../../../api/types';
import { adopt, changeLocally, emptyList, hold, pageLoaded, reduceList, type ListState } from './conversation-list.reduce';
import { compare, filterKey, noFilter, onTab, passes, queryKey, type ListFilter, type ListQuery, type SortBy, type Tab } from './conversation-query';

const ME = 1;
const PAGE = 5;
const everything: ListQuery = { ...noFilter, tab: 'all', status: 'all', sort: 'latest' };

const contact = (id: number) => ({ id, name: `Person ${id}` }) as Contact;
const agent = (id: number) => ({ id, name: `Agent ${id}` }) as Agent;

function conversation(id: number, at: number, more: Partial<Conversation> = {}): Conversation {
  return {
    id, account_id: 1, inbox_id: 1 + (id % 2), status: 'open', priority: null, labels: [], muted: false, can_reply: true, unread_count: 0,
    snoozed_until: null, additional_attributes: {}, custom_attributes: {}, agent_last_seen_at: 0, contact_last_seen_at: 0,
    created_at: at, updated_at: at, last_activity_at: at, waiting_since: at, last_message_preview: null, last_message_sender: null,
    meta: { sender: contact(1000 + id), channel: 'Channel::WebWidget', assignee: null, hmac_verified: null }, ...more,
  } as Conversation;
}

/** A server small enough to be obviously right: it keeps rows, tells every change, and sorts and filters when asked. */
class Server {
  rows = new Map<number, Conversation>();
  log: AgentEvent[] = [];
  clock = 100;
  created = 0;

  create(more: Partial<Conversation> = {}) {
    const row = conversation(++this.created, ++this.clock, more);
    this.rows.set(row.id, row);
    this.log.push({ event: 'conversation.created', data: row });
  }

  change(event: 'conversation.updated' | 'conversation.status_changed' | 'assignee.changed', id: number, changes: Partial<Conversation>) {
    const row = { ...this.rows.get(id)!, ...changes, updated_at: ++this.clock };
    this.rows.set(id, row);
    this.log.push({ event, data: { id, inbox_id: row.inbox_id, updated_at: row.updated_at, changes } });
  }

  say(id: number, incoming: boolean) {
    const at = ++this.clock;
    const before = this.rows.get(id)!;
    const gist = {
      id, assignee_id: before.meta.assignee?.id ?? null, last_activity_at: at, unread_count: incoming ? before.unread_count + 1 : 0, status: before.status,
      waiting_since: incoming ? before.waiting_since || at : 0, last_message_preview: `at ${at}`,
    };
    const sender = incoming ? 'contact' as const : 'user' as const;
    const data = {
      id: at, conversation_id: id, inbox_id: before.inbox_id, content: `at ${at}`, content_type: 'text', content_attributes: {}, private: false,
      message_type: incoming ? 0 : 1, status: 'sent', created_at: at, sender_type: incoming ? 'Contact' : 'User', conversation: gist,
    } as EventMessage;
    const { assignee_id: _, ...changes } = gist;
    this.rows.set(id, { ...before, ...changes, updated_at: at, last_message_sender: sender, last_non_activity_message: data });
    this.log.push({ event: 'message.created', data });
  }

  remove(id: number) {
    const row = this.rows.get(id)!;
    this.rows.delete(id);
    this.log.push({ event: 'conversation.deleted', data: { id, inbox_id: row.inbox_id, updated_at: ++this.clock } });
  }

  list(query: ListQuery) {
    return [...this.rows.values()].filter((row) => passes(query, row) && onTab(query.tab, row, ME)).sort((a, b) => compare(query, a, b));
  }

  counts(query: ListQuery) {
    const rows = [...this.rows.values()].filter((row) => passes(query, row));
    const of = (tab: Tab) => rows.filter((row) => onTab(tab, row, ME)).length;
    return { mine: of('me'), unassigned: of('unassigned'), all: rows.length };
  }

  fetch(state: ListState, query: ListQuery, pages: number) {
    const rows = this.list(query);
    for (let page = 0; page < pages; page++) {
      const cursor = rows.length > (page + 1) * PAGE ? String(page) : null;
      pageLoaded(state, query, rows.slice(page * PAGE, (page + 1) * PAGE), cursor, page === 0);
    }
    state.counts.set(filterKey(query), { filter: query, counts: this.counts(query) });
    state.waiting = this.waiting();
  }

  waiting() {
    return [...this.rows.values()].filter((row) => row.status === 'open' && row.unread_count > 0 && row.meta.assignee?.id === ME).length;
  }
}

/** Pushes the log from `from` on, fetching what the reducer asks for, as the store does. Answers whether it had to count anew. */
function follow(state: ListState, server: Server, from: number): boolean {
  let recount = false;
  for (const event of server.log.slice(from)) {
    const wanted = reduceList(state, event);
    for (const id of wanted.missing) if (server.rows.has(id)) adopt(state, server.rows.get(id)!);
    recount ||= wanted.recount;
  }
  if (recount) for (const entry of state.counts.values()) entry.counts = server.counts(entry.filter as ListQuery);
  return recount;
}

function random(seed: number) {
  return (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
}

function scramble(server: Server, pick: (below: number) => number, steps: number) {
  for (let step = 0; step < steps; step++) {
    const ids = [...server.rows.keys()];
    const id = ids[pick(ids.length)] ?? 0;
    const action = id ? pick(8) : 0;
    if (action === 0) server.create();
    else if (action <= 2) server.say(id, pick(2) === 0);
    else if (action === 3) server.change('conversation.status_changed', id, { status: (['open', 'resolved', 'pending', 'snoozed'] as const)[pick(4)]! });
    else if (action === 4) {
      const assignee = [null, agent(ME), agent(2)][pick(3)]!;
      server.change('assignee.changed', id, { meta: { ...server.rows.get(id)!.meta, assignee } });
    } else if (action === 5) server.change('conversation.updated', id, { labels: [['a'], ['b'], ['a', 'b'], []][pick(4)]! });
    else if (action === 6) server.change('conversation.updated', id, { priority: ([null, 'low', 'medium', 'high', 'urgent'] as const)[pick(5)]! });
    else if (pick(3) === 0) server.remove(id);
  }
}

const sorts: SortBy[] = ['latest', 'created_at_desc', 'sort_on_priority', 'waiting_since'];
const tabs: Tab[] = ['me', 'unassigned', 'all'];
const filters: ListFilter[] = [
  noFilter, { ...noFilter, status: 'all', inboxId: 1 },
  { ...noFilter, status: 'all', labels: ['a'] }, { ...noFilter, status: 'resolved', inboxId: 2, labels: ['a', 'b'] },
];
const queries = sorts.flatMap((sort) => tabs.flatMap((tab) => filters.map((filter) => ({ ...filter, labels: [...filter.labels], tab, sort }))));

describe('state before + events = state fetched after', () => {
  it.each([1, 2, 3, 4, 5, 6])('whatever happened (seed %i)', (seed) => {
    for (const query of queries) {
      const pick = random(seed * 7919 + queries.indexOf(query));
      const server = new Server();
      for (let i = 0; i < 14; i++) server.create();
      scramble(server, pick, 30);
      const state = emptyList(ME);
      server.fetch(state, query, 2);
      const from = server.log.length;
      scramble(server, pick, 40);
      follow(state, server, from);
      const view = state.views.get(queryKey(query))!;
      const after = server.list(query);
      expect(view.ids.map((id) => state.entities.get(id))).toEqual(after.slice(0, view.ids.length).map(strip(state)));
      if (view.cursor === null) expect(view.ids).toHaveLength(after.length);
      expect(state.counts.get(filterKey(query))!.counts).toEqual(server.counts(query));
    }
  });

  it('counts by itself as long as it knows every conversation', () => {
    for (const query of queries) {
      const server = new Server();
      for (let i = 0; i < 10; i++) server.create();
      const state = emptyList(ME);
      server.fetch(state, everything, 2);
      server.fetch(state, query, 2);
      const from = server.log.length;
      const pick = random(queries.indexOf(query));
      scramble(server, (below) => (below === 8 ? 1 + pick(7) : pick(below)), 40);
      expect(follow(state, server, from)).toBe(false);
      expect(state.waiting).toBe(server.waiting());
      expect(state.counts.get(filterKey(query))!.counts).toEqual(server.counts(query));
    }
  });

  it('and the same events again change nothing', () => {
    const server = new Server();
    for (let i = 0; i < 10; i++) server.create();
    const state = emptyList(ME);
    server.fetch(state, everything, 2);
    const from = server.log.length;
    scramble(server, random(99), 40);
    follow(state, server, from);
    const ids = [...state.views.get(queryKey(everything))!.ids];
    const counts = state.counts.get(filterKey(everything))!.counts;
    follow(state, server, from);
    expect(state.views.get(queryKey(everything))!.ids).toEqual(ids);
    expect(state.counts.get(filterKey(everything))!.counts).toEqual(counts);
  });
});

/** Message events do not carry `updated_at`; what is shown must be equal, the row's version need not be. */
function strip(state: ListState) {
  return (row: Conversation) => ({ ...row, updated_at: state.entities.get(row.id)!.updated_at });
}

describe('what is open', () => {
  const open: ListQuery = { ...everything, status: 'open' };

  it('keeps its row until something else is opened', () => {
    const server = new Server();
    for (let i = 0; i < 4; i++) server.create();
    const state = emptyList(ME);
    server.fetch(state, open, 1);
    const before = [...state.views.get(queryKey(open))!.ids];
    const id = before[1]!;
    hold(state, id);
    const from = server.log.length;
    server.change('conversation.status_changed', id, { status: 'resolved' });
    follow(state, server, from);
    expect(state.views.get(queryKey(open))!.ids).toEqual(before);
    expect(state.counts.get(filterKey(open))!.counts.all).toBe(3);
    hold(state, before[0]!);
    expect(state.views.get(queryKey(open))!.ids).not.toContain(id);
  });

  it('lets what is newer go before it', () => {
    const server = new Server();
    for (let i = 0; i < 3; i++) server.create();
    const state = emptyList(ME);
    server.fetch(state, open, 1);
    hold(state, 3);
    const from = server.log.length;
    server.say(1, true);
    follow(state, server, from);
    expect(state.views.get(queryKey(open))!.ids).toEqual([1, 3, 2]);
  });

  it('can be undone when the server refuses', () => {
    const server = new Server();
    for (let i = 0; i < 3; i++) server.create();
    const state = emptyList(ME);
    server.fetch(state, open, 1);
    const before = [...state.views.get(queryKey(open))!.ids];
    changeLocally(state, before[1]!, { status: 'resolved' });
    expect(state.views.get(queryKey(open))!.ids).toHaveLength(2);
    changeLocally(state, before[1]!, { status: 'open' });
    expect(state.views.get(queryKey(open))!.ids).toEqual(before);
    expect(state.counts.get(filterKey(open))!.counts.all).toBe(3);
  });
});

it('an older fetch does not undo a newer event', () => {
  const server = new Server();
  server.create();
  const old = [...server.rows.values()][0]!;
  const state = emptyList(ME);
  server.fetch(state, everything, 1);
  server.change('conversation.updated', old.id, { priority: 'urgent' });
  follow(state, server, 1);
  adopt(state, old);
  expect(state.entities.get(old.id)!.priority).toBe('urgent');
});

import { expect, it } from '@jest/globals';
import type { AgentEvent } from '../../../realtime/agent-event.types';
import type { EventMessage } from '../../../api/types';
import { newestLoaded, olderLoaded, put, reduceThreads, type ThreadState } from './conversation-thread.reduce';

const PAGE = 20;

/** Keeps a conversation's messages, tells every change, and answers pages as the API does: oldest first. */
class Server {
  messages: EventMessage[] = [];
  log: AgentEvent[] = [];
  clock = 0;

  private stamp() {
    return new Date(Date.UTC(2026, 0, 1) + 1000 * ++this.clock).toISOString();
  }

  say(content: string) {
    const message = {
      id: this.messages.length + 1, conversation_id: 7, inbox_id: 1, content, content_type: 'text', content_attributes: {}, message_type: 0,
      private: false, status: 'sent', created_at: this.clock, updated_at: this.stamp(),
    } as EventMessage;
    this.messages.push(message);
    this.log.push({ event: 'message.created', data: message });
  }

  change(id: number, changes: Partial<EventMessage>) {
    const message = { ...this.messages[id - 1]!, ...changes, updated_at: this.stamp() };
    this.messages[id - 1] = message;
    this.log.push({ event: 'message.updated', data: message });
  }

  newest = () => this.messages.slice(-PAGE);
  before = (id: number) => this.messages.filter((message) => message.id < id).slice(-PAGE);
}

function serverWith(count: number): Server {
  const server = new Server();
  for (let i = 0; i < count; i++) server.say(`message ${i}`);
  return server;
}

function loaded(server: Server): ThreadState {
  const state: ThreadState = new Map();
  newestLoaded(state, 7, server.newest(), PAGE);
  return state;
}

const push = (state: ThreadState, events: AgentEvent[]) => events.forEach((event) => reduceThreads(state, event));

it('state before + events = state fetched after', () => {
  const server = serverWith(50);
  const state = loaded(server);
  olderLoaded(state, 7, server.before(31), true);
  const from = server.log.length;
  server.say('hello');
  server.change(15, { status: 'read' });
  server.change(51, { content: 'gone', content_attributes: { deleted: true } });
  server.change(2, { status: 'read' });
  server.say('again');
  push(state, server.log.slice(from));
  expect(state.get(7)).toEqual({ messages: server.messages.slice(10), hasOlder: true });
  push(state, server.log.slice(from));
  expect(state.get(7)!.messages).toEqual(server.messages.slice(10));
});

it('pages back to the first message', () => {
  const server = serverWith(25);
  const state = loaded(server);
  expect(state.get(7)!.hasOlder).toBe(true);
  olderLoaded(state, 7, server.before(6), false);
  expect(state.get(7)).toEqual({ messages: server.messages, hasOlder: false });
});

it('keeps older pages when the newest is fetched anew, unless a hole would open', () => {
  const server = serverWith(40);
  const state = loaded(server);
  olderLoaded(state, 7, server.before(21), false);
  for (let i = 0; i < 5; i++) server.say('more');
  newestLoaded(state, 7, server.newest(), PAGE);
  expect(state.get(7)!.messages).toEqual(server.messages);
  for (let i = 0; i < 30; i++) server.say('much more');
  newestLoaded(state, 7, server.newest(), PAGE);
  expect(state.get(7)).toEqual({ messages: server.newest(), hasOlder: true });
});

it('knows that a short conversation has nothing older, also when this device remembered it', () => {
  const server = serverWith(1);
  const state: ThreadState = new Map([[7, { messages: server.newest(), hasOlder: true }]]);
  newestLoaded(state, 7, server.newest(), PAGE);
  expect(state.get(7)).toEqual({ messages: server.messages, hasOlder: false });
});

it('an answer that was overtaken by an event does not undo it', () => {
  const server = serverWith(1);
  const sent = server.messages[0]!;
  const state = loaded(server);
  server.change(1, { status: 'delivered' });
  push(state, server.log.slice(1));
  put(state, sent);
  expect(state.get(7)!.messages[0]!.status).toBe('delivered');
});

it('does not invent threads nobody opened', () => {
  const state: ThreadState = new Map();
  push(state, serverWith(3).log);
  expect(state.size).toBe(0);
});

import type { AgentEvent } from '../../../realtime/agent-event.types';
import type { Message } from '../../../api/types';

/** Events and sent messages say when they changed last (ISO 8601); listed ones need not. */
type Dated = Message & { updated_at?: string };

/** The loaded end of one conversation, oldest first and without holes. */
export interface Thread {
  messages: Message[];
  /** There are older ones on the server. */
  hasOlder: boolean;
}

/** Threads by conversation id; only those that were opened. Insertion order is order of use. */
export type ThreadState = Map<number, Thread>;

/** How many threads stay in memory. */
const KEPT = 30;

/** Lets an event change the threads. Like the list's reducers it changes the state in place and no message. */
export function reduceThreads(state: ThreadState, event: AgentEvent): void {
  if (event.event === 'message.created') place(state, event.data, true);
  else if (event.event === 'message.updated') place(state, event.data, false);
  else if (event.event === 'conversation.deleted') state.delete(event.data.id);
}

/** The newest page of a conversation came; older ones already loaded stay when the page reaches down to them. */
export function newestLoaded(state: ThreadState, id: number, page: Message[], pageSize: number): void {
  const before = state.get(id);
  const overlaps = before && page[0] && before.messages.some((message) => message.id === page[0]!.id);
  const thread = overlaps
    ? { messages: union(before.messages, page), hasOlder: before.hasOlder && page.length >= pageSize }
    : { messages: [...page], hasOlder: page.length >= pageSize };
  use(state, id, thread);
}

/** A page of older messages came. */
export function olderLoaded(state: ThreadState, id: number, page: Message[], hasOlder: boolean): void {
  const before = state.get(id);
  if (!before) return;
  state.set(id, { messages: union(page, before.messages), hasOlder });
}

/** Takes in one message as the server has it (the answer to a POST, a deletion, a retry). */
export function put(state: ThreadState, message: Message): void {
  place(state, message, true);
}

function place(state: ThreadState, message: Message, add: boolean): void {
  const thread = state.get(message.conversation_id);
  if (!thread) return;
  const known = thread.messages.find(({ id }) => id === message.id);
  if (!known && !add) return;
  if (known && isOlder(message, known)) return;
  state.set(message.conversation_id, { ...thread, messages: union(thread.messages, [message]) });
}

/** Both say when they changed, so an answer overtaken by an event does not undo it. */
function isOlder(message: Dated, known: Dated): boolean {
  return message.updated_at !== undefined && known.updated_at !== undefined && message.updated_at < known.updated_at;
}

/** Each message once, the later argument's version unless it is older, by id: ids are given in order of writing. */
function union(first: Message[], second: Message[]): Message[] {
  const byId = new Map(first.map((message) => [message.id, message]));
  for (const message of second) {
    const known = byId.get(message.id);
    if (!known || !isOlder(message, known)) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

function use(state: ThreadState, id: number, thread: Thread): void {
  state.delete(id);
  state.set(id, thread);
  for (const oldest of state.keys()) {
    if (state.size <= KEPT) return;
    state.delete(oldest);
  }
}

import { defineStore } from 'pinia';
import { computed, reactive, ref } from 'vue';
import type { Availability, Person } from '../../../api/types';
import type { AgentEvent } from '../../../realtime/agent-event.types';
import { useScope } from './scope.store';

export interface Typist {
  person: Person;
  private: boolean;
  /** Milliseconds; whoever never says that they stopped is forgotten then. */
  until: number;
}

const TYPING_MS = 20_000;
const isColleague = (person: Person) => person.type !== 'contact';

/** Who is there, who looks at what, who writes where. All of it is only true now. */
export const usePresence = defineStore('presence', () => {
  const scope = useScope();
  const typing = reactive(new Map<number, Typist[]>());
  const viewing = reactive(new Map<number, Person[]>());
  const agents = ref<Record<string, Availability>>({});
  const contacts = ref<Record<string, string>>({});
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isMe = (person: Person) => isColleague(person) && person.id === scope.userId;
  const same = (a: Person, b: Person) => a.id === b.id && isColleague(a) === isColleague(b);

  function stopTyping(conversationId: number, person: Person) {
    const left = (typing.get(conversationId) ?? []).filter((typist) => !same(typist.person, person));
    if (left.length) typing.set(conversationId, left);
    else typing.delete(conversationId);
  }

  function sweep() {
    const now = Date.now();
    for (const [id, typists] of typing) for (const typist of typists) if (typist.until <= now) stopTyping(id, typist.person);
    timer = typing.size ? setTimeout(sweep, 2_000) : undefined;
  }

  /** The only way for events in. */
  function apply(event: AgentEvent) {
    switch (event.event) {
      case 'conversation.typing_on': {
        const { conversation_id: id, user, is_private } = event.data;
        if (isMe(user)) return;
        stopTyping(id, user);
        typing.set(id, [...(typing.get(id) ?? []), { person: user, private: is_private ?? false, until: Date.now() + TYPING_MS }]);
        timer ??= setTimeout(sweep, 2_000);
        return;
      }
      case 'conversation.typing_off': return stopTyping(event.data.conversation_id, event.data.user);
      case 'message.created':
        // Whoever has sent has stopped typing, even if the notice of that got lost.
        if (event.data.sender) stopTyping(event.data.conversation_id, event.data.sender);
        return;
      case 'conversation.viewing': {
        const others = event.data.users.filter((person) => !isMe(person));
        if (others.length) viewing.set(event.data.conversation_id, others);
        else viewing.delete(event.data.conversation_id);
        return;
      }
      case 'presence.update':
        agents.value = event.data.users;
        contacts.value = event.data.contacts;
    }
  }

  /** Nothing of this outlives the connection. */
  function forgetAll() {
    clearTimeout(timer);
    timer = undefined;
    typing.clear();
    viewing.clear();
    agents.value = {};
    contacts.value = {};
  }

  const typistsOf = (id: number): Typist[] => typing.get(id) ?? [];
  const viewersOf = (id: number): Person[] => viewing.get(id) ?? [];
  const isContactOnline = (id: number) => contacts.value[id] === 'online';
  const availabilityOf = (id: number): Availability => agents.value[id] ?? 'offline';
  const anyone = computed(() => Object.keys(agents.value).length > 0);

  return { typistsOf, viewersOf, isContactOnline, availabilityOf, anyone, apply, refetch: () => undefined, close: forgetAll };
});

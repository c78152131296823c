import { defineStore } from 'pinia';
import { reactive } from 'vue';
import { errorText } from '../../../app/error-text';
import { asApiError } from '../../../api/errors';
import type { Agent } from '../../../api/types';
import { showToast } from '../../../ui/toasts';
import { fetchParticipants, setParticipants } from '../conversations.api';
import { useReference } from './reference.store';
import { useScope } from './scope.store';

/** Colleagues who follow a conversation without being assigned to it. */
export const useParticipants = defineStore('participants', () => {
  const scope = useScope();
  const reference = useReference();
  const known = reactive(new Map<number, Agent[]>());

  async function load(id: number) {
    const found = await fetchParticipants(scope.accountId, id).catch(() => undefined);
    if (found) known.set(id, found);
  }

  /** Adds a colleague, or takes them away. */
  async function toggle(id: number, agentId: number) {
    const before = known.get(id) ?? [];
    const agent = reference.agentById.get(agentId);
    const after = before.some((other) => other.id === agentId) ? before.filter((other) => other.id !== agentId) : [...before, ...(agent ? [agent] : [])];
    known.set(id, after);
    try {
      known.set(id, await setParticipants(scope.accountId, id, after.map((other) => other.id)));
    } catch (problem) {
      known.set(id, before);
      showToast(errorText(asApiError(problem)), { tone: 'failed' });
    }
  }

  const of = (id: number): Agent[] => known.get(id) ?? [];
  return { of, load, toggle };
});

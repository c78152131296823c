import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { fetchAgents, fetchLabels } from '../../../api/account';
import { fetchInboxes } from '../../../api/inboxes';
import { fetchTeams, type Team } from '../../../api/tools';
import type { Agent, Inbox, Label } from '../../../api/types';
import type { AgentEvent } from '../../../realtime/agent-event.types';
import { useScope } from './scope.store';

/** What conversations refer to: inboxes, colleagues, labels, teams. Small, fetched whole, fetched again when one of them changes. */
export const useReference = defineStore('reference', () => {
  const scope = useScope();
  const inboxes = shallowRef<Inbox[]>([]);
  const agents = shallowRef<Agent[]>([]);
  const labels = shallowRef<Label[]>([]);
  const teams = shallowRef<Team[]>([]);

  const inboxById = computed(() => new Map(inboxes.value.map((inbox) => [inbox.id, inbox])));
  const labelByTitle = computed(() => new Map(labels.value.map((label) => [label.title, label])));
  const teamById = computed(() => new Map(teams.value.map((team) => [team.id, team])));
  const agentById = computed(() => new Map(agents.value.map((agent) => [agent.id, agent])));

  const loaders = {
    'inbox.updated': async () => { inboxes.value = await fetchInboxes(scope.accountId); },
    'agent.updated': async () => { agents.value = await fetchAgents(scope.accountId); },
    'team.updated': async () => { teams.value = await fetchTeams(scope.accountId); },
    'label.updated': async () => { labels.value = await fetchLabels(scope.accountId); },
  };

  /** Fetches all of them; one that fails stays as it was and comes with the next try. */
  async function open() {
    await Promise.allSettled(Object.values(loaders).map((load) => load()));
  }

  /** The only way for events in. */
  function apply(event: AgentEvent) {
    if (event.event in loaders) loaders[event.event as keyof typeof loaders]().catch(() => undefined);
  }

  /** Forgets everything. */
  function close() {
    inboxes.value = [];
    agents.value = [];
    labels.value = [];
    teams.value = [];
  }

  return { inboxes, agents, labels, teams, teamById, inboxById, labelByTitle, agentById, open, apply, refetch: open, close };
});

import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { fetchAgents, fetchLabels } from '../../../api/account';
import { fetchInboxes } from '../../../api/inboxes';
import { fetchAttributes, fetchTeams } from '../../../api/tools';
import { useSession } from '../../../app/session';
import { useLoad } from '../../../composables/useLoad';

export interface Option { value: string; label: string }

/** What conditions and actions choose from: colleagues, teams, labels, inboxes, states. Values are text, as they stand in a filter. */
export function useChoices() {
  const { t } = useI18n();
  const accountId = useSession().accountId!;
  const { data, error, loading, reload } = useLoad(async () => {
    const [agents, teams, labels, inboxes, attributes] = await Promise.all([fetchAgents(accountId), fetchTeams(accountId), fetchLabels(accountId), fetchInboxes(accountId), fetchAttributes(accountId)]);
    return { agents, teams, labels, inboxes, attributes };
  });
  const named = (rows: readonly { id: number; name: string }[] | undefined): Option[] => (rows ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  const words = (under: string, names: readonly string[]): Option[] => names.map((name) => ({ value: name, label: t(`tools.${under}.${name}`) }));
  const choices = computed(() => ({
    agents: named(data.value?.agents), teams: named(data.value?.teams), inboxes: named(data.value?.inboxes),
    labels: (data.value?.labels ?? []).map(({ title }) => ({ value: title, label: title })),
    statuses: words('status', ['open', 'pending', 'snoozed', 'resolved']), priorities: words('priority', ['urgent', 'high', 'medium', 'low']),
    messageTypes: words('messageType', ['incoming', 'outgoing']), yesNo: words('yesNo', ['true', 'false']),
  }));
  return { choices, attributes: computed(() => data.value?.attributes ?? []), error, loading, reload, ready: computed(() => data.value !== undefined) };
}
export type Choices = ReturnType<typeof useChoices>['choices']['value'];

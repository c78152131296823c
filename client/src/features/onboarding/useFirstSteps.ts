import { computed } from 'vue';
import { fetchAgents } from '../../api/account';
import { fetchConversations } from '../../api/conversations';
import { updateProfile } from '../../api/identity';
import { fetchInboxes } from '../../api/inboxes';
import { useSession } from '../../app/session';
import { useLoad } from '../../composables/useLoad';

export type StepName = 'site' | 'try' | 'people' | 'answer';

/** How far a new account is. Everything is read from what really exists, so a step is done however it was done. */
export function useFirstSteps() {
  const session = useSession();
  const accountId = session.accountId!;
  const { data, error, loading, reload } = useLoad(async () => {
    const [inboxes, agents, conversations] = await Promise.all([fetchInboxes(accountId), fetchAgents(accountId), fetchConversations(accountId, { assignee_type: 'all', status: 'all' })]);
    return { inboxes, agents, conversations };
  });
  const webInbox = computed(() => data.value?.inboxes.find((inbox) => inbox.website_token));
  const done = computed<Record<StepName, boolean>>(() => ({
    site: webInbox.value?.widget_last_seen_at != null,
    try: (data.value?.conversations.meta.all_count ?? 0) > 0,
    people: (data.value?.agents.length ?? 0) > 1,
    answer: data.value?.conversations.payload.some((conversation) => conversation.first_reply_created_at > 0) ?? false,
  }));
  const steps = computed<StepName[]>(() => (session.isAdministrator ? ['site', 'try', 'people', 'answer'] : ['try', 'answer']));
  const dismissed = computed(() => session.user?.ui_settings.first_steps_done === true);

  /** Puts the list away for this person, for good. */
  async function dismiss(): Promise<void> {
    session.adopt(await updateProfile({ ui_settings: { ...session.user?.ui_settings, first_steps_done: true } }));
  }
  return { data, error, loading, reload, webInbox, done, steps, dismissed, dismiss };
}

import { i18n } from '../../../app/i18n';
import { errorText } from '../../../app/error-text';
import { asApiError } from '../../../api/errors';
import type { Conversation, ConversationStatus, Priority } from '../../../api/types';
import type { ConversationChanges } from '../../../realtime/agent-event.types';
import { showToast } from '../../../ui/toasts';
import * as api from '../conversations.api';
import { assigneeId } from '../person-name';
import { useBulkProgress } from './bulk-progress.store';
import { useConversationList } from './conversation-list.store';
import { useReference } from './reference.store';
import { useScope } from './scope.store';

/** What can be done to a conversation. Shown at once, taken back with a word when the server refuses. */
export function useConversationActions() {
  const list = useConversationList();
  const scope = useScope();
  const reference = useReference();
  const bulk = useBulkProgress();
  const { t } = i18n.global;

  async function attempt(id: number, changes: ConversationChanges, request: () => Promise<unknown>): Promise<boolean> {
    const before = list.get(id);
    list.change(id, changes);
    try {
      await request();
      return true;
    } catch (problem) {
      if (before) list.change(id, earlier(before, changes));
      showToast(errorText(asApiError(problem)), { tone: 'failed' });
      return false;
    }
  }

  /** `until` in seconds since 1970, for snoozing; without it a snooze lasts until the next message. */
  function setStatus(id: number, status: ConversationStatus, until: number | null = null) {
    const changes = { status, snoozed_until: until === null ? null : new Date(until * 1000).toISOString() };
    return attempt(id, changes, () => api.setStatus(scope.accountId, id, status, until));
  }

  /** Resolves (or opens again) and offers the way back. */
  async function toggleResolved(id: number) {
    const before = list.get(id)?.status ?? 'open';
    const after: ConversationStatus = before === 'resolved' ? 'open' : 'resolved';
    const said = after === 'resolved' ? t('conversations.toast.resolved') : t('conversations.toast.reopened');
    if (await setStatus(id, after)) showToast(said, { tone: 'done', action: { label: t('conversations.undo'), run: () => void setStatus(id, before) } });
  }

  function assign(id: number, agentId: number | null) {
    const agent = agentId === null ? null : (reference.agentById.get(agentId) ?? null);
    return attempt(id, { meta: { assignee: agent, assignee_type: agent ? 'User' : undefined } }, () => api.assign(scope.accountId, id, agentId));
  }
  function assignTeam(id: number, teamId: number | null) {
    const team = teamId === null ? null : (reference.teamById.get(teamId) ?? null);
    return attempt(id, { meta: { team } } as ConversationChanges, () => api.assignTeam(scope.accountId, id, teamId));
  }
  const setPriority = (id: number, priority: Priority | null) => attempt(id, { priority }, () => api.setPriority(scope.accountId, id, priority));
  const setLabels = (id: number, labels: string[]) => attempt(id, { labels }, () => api.setLabels(scope.accountId, id, labels));
  const setMuted = (id: number, muted: boolean) => attempt(id, { muted, ...(muted ? { status: 'resolved' as const } : {}) }, () => api.setMuted(scope.accountId, id, muted));
  /** Puts it into the spam folder or takes it out, and offers the way back. */
  async function setSpam(id: number, spam: boolean) {
    const { spam: _reason, spam_because: _because, ...about } = (list.get(id)?.additional_attributes ?? {}) as Record<string, unknown>;
    const changes = { status: spam ? 'resolved' as const : 'open' as const, additional_attributes: spam ? { ...about, spam: 'by_hand', spam_because: '' } : about };
    if (await attempt(id, changes, () => api.setSpam(scope.accountId, id, spam))) {
      showToast(t(spam ? 'conversations.spam.marked' : 'conversations.spam.unmarked'), { tone: 'done', action: { label: t('conversations.undo'), run: () => void setSpam(id, !spam) } });
    }
  }
  const setAttributes = (id: number, attributes: Record<string, unknown>) =>
    attempt(id, { custom_attributes: attributes }, () => api.setAttributes(scope.accountId, id, attributes));
  const markUnread = (id: number) => attempt(id, { unread_count: 1 }, () => api.markUnread(scope.accountId, id));

  function toggleLabel(id: number, label: string) {
    const labels = list.get(id)?.labels ?? [];
    return setLabels(id, labels.includes(label) ? labels.filter((other) => other !== label) : [...labels, label]);
  }

  /** The person has it before their eyes. Nobody is told when this fails: the next look repeats it. */
  function markSeen(id: number) {
    if ((list.get(id)?.unread_count ?? 0) === 0) return;
    list.change(id, { unread_count: 0 });
    void api.markSeen(scope.accountId, id).catch(() => undefined);
  }

  /** Deletes for good; the row goes when the server has said so. */
  async function remove(id: number) {
    await api.deleteConversation(scope.accountId, id);
    list.apply({ event: 'conversation.deleted', data: { id, inbox_id: 0, updated_at: Date.now() / 1000 } });
  }

  /** The same act on many, four at a time; tells how far it is and once how it went. `back` undoes it for one, from what it was before. */
  async function onEach(ids: number[], act: (id: number) => Promise<boolean>, back?: (before: Conversation) => Promise<boolean>) {
    const before = ids.flatMap((id) => list.get(id) ?? []);
    const left = [...ids];
    const done = new Set<number>();
    bulk.begin(ids.length);
    const work = async () => { for (let id = left.shift(); id !== undefined; id = left.shift()) { if (await act(id)) done.add(id); bulk.step(); } };
    await Promise.all([work(), work(), work(), work()]).finally(() => bulk.end());
    if (done.size === 0) return;
    const changed = before.filter(({ id }) => done.has(id));
    const failed = ids.length - done.size;
    const said = [t('conversations.toast.changed', { n: done.size }, done.size), ...(failed > 0 ? [t('conversations.toast.notChanged', { n: failed }, failed)] : [])].join(' ');
    const undo = back && { label: t('conversations.undo'), run: () => void onEach(changed.map(({ id }) => id), (id) => back(changed.find((one) => one.id === id)!)) };
    showToast(said, { tone: failed > 0 ? 'failed' : 'done', ...(undo && { action: undo }) });
  }

  /** The acts on many that know their way back. */
  const many = {
    status: (ids: number[], status: ConversationStatus, until: number | null = null) =>
      onEach(ids, (id) => setStatus(id, status, until), (before) => setStatus(before.id, before.status, before.snoozed_until ? Date.parse(before.snoozed_until) / 1000 : null)),
    assign: (ids: number[], agentId: number | null) => onEach(ids, (id) => assign(id, agentId), (before) => assign(before.id, assigneeId(before))),
    assignTeam: (ids: number[], teamId: number | null) => onEach(ids, (id) => assignTeam(id, teamId), (before) => assignTeam(before.id, before.meta.team?.id ?? null)),
    priority: (ids: number[], priority: Priority | null) => onEach(ids, (id) => setPriority(id, priority), (before) => setPriority(before.id, before.priority)),
    label: (ids: number[], label: string, on: boolean) => onEach(
      ids.filter((id) => (list.get(id)?.labels.includes(label) ?? false) !== on), (id) => toggleLabel(id, label), (before) => setLabels(before.id, before.labels)),
  };

  return { many, setStatus, toggleResolved, assign, assignTeam, setPriority, setLabels, toggleLabel, setMuted, setSpam, setAttributes, markUnread, markSeen, remove, onEach };
}

/** The values that `changes` replaced. */
function earlier(before: Conversation, { meta, ...changes }: ConversationChanges): ConversationChanges {
  const old: Record<string, unknown> = {};
  for (const key of Object.keys(changes)) old[key] = before[key as keyof Conversation];
  if (meta) old.meta = { ...before.meta, assignee: before.meta.assignee ?? null, assignee_type: before.meta.assignee_type ?? null, team: before.meta.team ?? null } as ConversationChanges['meta'];
  return old as ConversationChanges;
}

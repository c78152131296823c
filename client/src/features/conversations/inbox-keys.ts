import { AlarmClock, CircleCheck, Flag, Hourglass, Inbox, PenLine, Search, Tag, User, UserPlus, Users, Zap } from '@lucide/vue';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { registerCommands, type Command } from '../../app/palette/commands';
import { useHotkeys } from '../../composables/useHotkeys';
import { useChooser, type ChooserKind } from './choosers/chooser.store';
import { useSelection } from './list/selection';
import { useNewConversation } from './mail/new-conversation.store';
import { useConversationActions } from './state/conversation-actions';
import { useConversationList } from './state/conversation-list.store';
import { noFilter } from './state/conversation-query';
import { useReference } from './state/reference.store';
import { useScope } from './state/scope.store';

/** What the keys need of the list on screen. */
export interface ListHandle {
  focusSearch: () => void;
  move: (by: 1 | -1) => void;
}

/** The keys of the inbox, and the same acts in the palette. They act on the chosen rows, else on what is open, else on the row under the cursor. */
export function useInboxKeys(handle: () => ListHandle | null): void {
  const { t } = useI18n();
  const route = useRoute();
  const router = useRouter();
  const list = useConversationList();
  const selection = useSelection();
  const chooser = useChooser();
  const reference = useReference();
  const scope = useScope();
  const writing = useNewConversation();
  const actions = useConversationActions();

  const openId = computed(() => (route.name === 'conversation' ? Number(route.params.conversationId) : null));
  const targets = computed(() => {
    if (selection.any) return selection.ids;
    const one = openId.value ?? selection.cursor;
    return one === null ? [] : [one];
  });
  const some = () => targets.value.length > 0;
  const go = (id: number) => void router.push({ name: 'conversation', params: { accountId: route.params.accountId, conversationId: id } });
  const ask = (kind: ChooserKind) => chooser.ask(kind, targets.value);

  function resolve() {
    const ids = targets.value;
    if (ids.length === 1) return void actions.toggleResolved(ids[0]!);
    selection.clear();
    void actions.many.status(ids, 'resolved');
  }
  function escape() {
    if (selection.any) return selection.clear();
    if (openId.value === null) return;
    const id = openId.value;
    selection.cursor = id;
    void router.push({ name: 'inbox', params: { accountId: route.params.accountId } });
  }

  useHotkeys(t('conversations.keys.title'), computed(() => [
    { keys: 'j', label: t('conversations.keys.next'), run: () => handle()?.move(1) },
    { keys: 'k', label: t('conversations.keys.previous'), run: () => handle()?.move(-1) },
    { keys: 'enter', label: t('conversations.keys.open'), run: () => { if (selection.cursor !== null) go(selection.cursor); }, when: () => document.activeElement === document.body && selection.cursor !== null },
    { keys: 'x', label: t('conversations.keys.select'), run: () => { const id = selection.cursor ?? openId.value; if (id !== null) selection.toggle(id); } },
    { keys: 'shift+x', label: t('conversations.keys.selectTo'), run: () => { const id = selection.cursor ?? openId.value; if (id !== null) selection.extendTo(id, list.ids); } },
    { keys: '/', label: t('conversations.keys.search'), run: () => handle()?.focusSearch() },
    { keys: 'e', label: t('conversations.keys.resolve'), run: resolve, when: some },
    { keys: 's', label: t('conversations.ask.snooze'), run: () => ask('snooze'), when: some },
    { keys: 'a', label: t('conversations.assign'), run: () => ask('assign'), when: some },
    { keys: 't', label: t('conversations.ask.team'), run: () => ask('team'), when: some },
    { keys: 'l', label: t('conversations.labels'), run: () => ask('labels'), when: some },
    { keys: 'p', label: t('conversations.ask.priority'), run: () => ask('priority'), when: some },
    { keys: 'escape', label: t('conversations.keys.back'), run: escape, when: () => selection.any || openId.value !== null },
  ]));

  const acts = (): Omit<Command, 'group'>[] => (some() ? [
    { id: 'conversation-resolve', title: t('conversations.keys.resolve'), icon: CircleCheck, shortcut: 'e', run: resolve },
    { id: 'conversation-snooze', title: t('conversations.ask.snooze'), icon: AlarmClock, shortcut: 's', run: () => ask('snooze') },
    { id: 'conversation-pending', title: t('conversations.markPending'), icon: Hourglass, run: () => void actions.many.status(targets.value, 'pending') },
    { id: 'conversation-assign', title: t('conversations.assign'), icon: UserPlus, shortcut: 'a', run: () => ask('assign') },
    { id: 'conversation-assign-me', title: t('conversations.assignMe'), icon: User, run: () => void actions.many.assign(targets.value, scope.userId) },
    { id: 'conversation-team', title: t('conversations.ask.team'), icon: Users, shortcut: 't', run: () => ask('team') },
    { id: 'conversation-macro', title: t('conversations.ask.macro'), icon: Zap, run: () => ask('macro') },
    { id: 'conversation-priority', title: t('conversations.ask.priority'), icon: Flag, shortcut: 'p', run: () => ask('priority') },
    { id: 'conversation-labels', title: t('conversations.labels'), icon: Tag, shortcut: 'l', run: () => ask('labels') },
    { id: 'conversation-participants', title: t('conversations.participants'), icon: Users, run: () => ask('participants') },
  ] : []);
  registerCommands(() => [
    ...acts().map((act) => ({ ...act, group: selection.any ? t('conversations.bulk.chosen', { n: selection.ids.length }, selection.ids.length) : t('conversations.conversation') })),
    ...(['me', 'unassigned', 'all'] as const).map((tab) => ({ id: `inbox-${tab}`, title: t(`conversations.tabs.${tab === 'me' ? 'mine' : tab}`), group: t('conversations.list'), icon: Inbox, run: () => list.show({ tab }) })),
    ...(writing.inboxes.length > 0 ? [{ id: 'inbox-new', title: t('conversations.mail.new'), group: t('conversations.list'), icon: PenLine, run: () => void (writing.open = true) }] : []),
    ...reference.teams.filter((team) => team.is_member).map((team) => ({ id: `inbox-team-${team.id}`, title: team.name, group: t('conversations.views.teams'), icon: Users, run: () => list.show({ ...noFilter, teamId: team.id, tab: 'all' }) })),
    { id: 'inbox-search', title: t('conversations.search.label'), group: t('conversations.list'), icon: Search, shortcut: '/', run: () => setTimeout(() => handle()?.focusSearch()) },
  ]);
}

import { effectScope, watch, type Ref } from 'vue';
import { router } from '../../app/router';
import { useSession } from '../../app/session';
import { onSessionEvent } from '../../api/http';
import { useRealtime } from '../../realtime/realtime.store';
import { fetchEvents } from './conversations.api';
import { useConversationActions } from './state/conversation-actions';
import { useConversationList } from './state/conversation-list.store';
import { useConversationThread } from './state/conversation-thread.store';
import { clearDeviceCache } from './state/device-cache';
import { useDrafts } from './state/drafts.store';
import { useFolders } from './state/folders.store';
import { useOutbox } from './state/outbox.store';
import { usePresence } from './state/presence.store';
import { useReference } from './state/reference.store';
import { useScope } from './state/scope.store';
import { showUnread } from './unread-title';

/** Follows an account from entering it until the returned function is called: socket, stores, unread in the title. */
export function followAccount(accountId: number, waiting: Ref<number>): () => void {
  const session = useSession();
  const scope = useScope();
  const realtime = useRealtime();
  const list = useConversationList();
  const thread = useConversationThread();
  const drafts = useDrafts();
  const outbox = useOutbox();
  const presence = usePresence();
  const reference = useReference();
  const actions = useConversationActions();

  scope.accountId = accountId;
  scope.userId = session.user?.id ?? 0;
  scope.administrator = session.isAdministrator;

  // The outbox hears of a message before the thread shows it, so that it is never seen twice.
  const leavers = [outbox, list, thread, presence, reference].map((store) => realtime.listen(store));
  realtime.start({
    accountId,
    fetchEvents: (after) => fetchEvents(accountId, after),
    // Any call now answers 401, and that is what leads to the sign-in page.
    onSessionRevoked: () => void session.isOver().then((over) => { if (over) void list.refresh(); }),
  });
  drafts.open();
  void reference.open();
  void list.open();
  void outbox.open((id) => void actions.setStatus(id, 'resolved'));

  const leavePage = () => outbox.leavePage();
  window.addEventListener('pagehide', leavePage);
  const effects = effectScope(true);
  effects.run(() => {
    watch(() => list.unreadOfMine, (count) => { waiting.value = count; showUnread(count); }, { immediate: true });
    watch(() => realtime.connection, (now) => { if (now === 'reconnecting') presence.close(); });
  });
  leavers.push(
    router.afterEach(() => showUnread(list.unreadOfMine)),
    onSessionEvent('session-expired', () => realtime.stop()),
    session.$onAction(({ name, after }) => { if (name === 'leave') after(() => void clearDeviceCache()); }, true),
  );

  return () => {
    window.removeEventListener('pagehide', leavePage);
    effects.stop();
    for (const leave of leavers) leave();
    realtime.stop();
    for (const store of [outbox, list, thread, drafts, presence, reference, useFolders()]) store.close();
    scope.accountId = 0;
    waiting.value = 0;
    showUnread(0);
  };
}

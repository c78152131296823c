import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../../api/errors';
import type { Id } from '../../api/types';
import { useSession } from '../../app/session';
import type { AgentEvent } from '../../realtime/agent-event.types';
import { fetchNotifications, fetchUnreadCount, markRead, markUnread, readAll, removeNotification, removeRead, snooze, type Notification, type Shown } from './notifications.api';
import { unread } from './unread';

/** What the person was told: one list at a time, and how many wait. */
export const useNotifications = defineStore('notifications', () => {
  const items = shallowRef<Notification[]>([]);
  const shown = ref<Shown>('unread');
  const loading = ref(false);
  const loaded = ref(false);
  const more = ref(false);
  const error = shallowRef<ApiError>();
  const session = useSession();
  const accountId = (): Id => session.accountId!;
  let page = 0;
  let turn = 0;
  /** The list is on screen: only then it is kept up to date. */
  let isOpen = false;

  const belongs = (one: Notification) => shown.value === 'all' || (shown.value === 'unread' ? !one.read_at && !one.snoozed_until : Boolean(one.snoozed_until));
  function put(one: Notification) {
    // One conversation has one line: what is told anew takes the place of what was told before.
    const others = items.value.filter(({ id, primary_actor_id }) => id !== one.id && primary_actor_id !== one.primary_actor_id);
    items.value = belongs(one) ? [...others, one].sort((a, b) => b.last_activity_at - a.last_activity_at || b.id - a.id) : others;
  }
  const drop = (id: Id) => { items.value = items.value.filter((one) => one.id !== id); };

  async function load(next: number) {
    const mine = ++turn;
    loading.value = true;
    try {
      const answer = await fetchNotifications(accountId(), shown.value, next);
      if (mine !== turn) return;
      const fitting = answer.payload.filter(belongs);
      const known = new Set(fitting.map((one) => one.id));
      items.value = next === 1 ? fitting : [...items.value.filter((one) => !known.has(one.id)), ...fitting];
      page = next;
      more.value = answer.payload.length > 0 && next * 15 < answer.meta.count;
      error.value = undefined;
      loaded.value = true;
    } catch (problem) {
      if (mine === turn) error.value = asApiError(problem);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }
  function show(which: Shown) {
    shown.value = which;
    items.value = [];
    loaded.value = false;
    return load(1);
  }
  const count = async () => { unread.value = await fetchUnreadCount(accountId()).catch(() => unread.value); };

  function apply(event: AgentEvent) {
    if (event.event === 'notifications.changed') {
      unread.value = event.data.unread_count;
      if (isOpen) void load(1);
    } else if (event.event === 'notification.created' || event.event === 'notification.updated') {
      unread.value = event.data.unread_count;
      if (isOpen) put(event.data.notification);
    } else if (event.event === 'notification.deleted') {
      unread.value = event.data.unread_count;
      drop(event.data.notification.id);
    }
  }
  function refetch() {
    void count();
    if (isOpen) void load(1);
  }

  /** Throws an ApiError when it did not work. */
  const setRead = async (one: Notification, read: boolean) => put(await (read ? markRead : markUnread)(accountId(), one.id));
  const putOff = async (one: Notification, until: Date) => put(await snooze(accountId(), one.id, until));
  async function remove(one: Notification) {
    await removeNotification(accountId(), one.id);
    drop(one.id);
  }
  async function everythingRead() {
    await readAll(accountId());
    await load(1);
  }
  async function clearRead() {
    await removeRead(accountId());
    await load(1);
  }

  function close() {
    turn++;
    items.value = [];
    unread.value = 0;
  }
  function open() {
    isOpen = true;
    return show('unread');
  }
  const hide = () => { isOpen = false; };
  return { items, shown, loading, loaded, more, error, apply, refetch, show, count, loadMore: () => load(page + 1), retry: () => load(1), setRead, putOff, remove, everythingRead, clearRead, close, open, hide };
});

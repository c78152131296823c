import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef } from 'vue';
import { asApiError, type ApiError } from '../../../api/errors';
import type { ConversationPage } from '../../../api/conversations';
import type { Conversation, ConversationCounts } from '../../../api/types';
import { useRealtime } from '../../../realtime/realtime.store';
import type { AgentEvent, ConversationChanges } from '../../../realtime/agent-event.types';
import { fetchConversation, fetchCounts, fetchPage, fetchUnreadCounts } from '../conversations.api';
import { adopt, beginningLoaded, changeLocally, emptyList, hold, pageLoaded, reduceList, type Counts } from './conversation-list.reduce';
import { filterKey, noFilter, queryKey, type ListQuery } from './conversation-query';
import { readCached, writeCached } from './device-cache';
import { useScope } from './scope.store';

interface Snapshot {
  query: ListQuery;
  conversations: Conversation[];
  counts: Counts;
  at: number;
}

const SNAPSHOT_ROWS = 100;
const RECOUNT_MS = 1_500;
const SNAPSHOT_MS = 2_000;
/** Events after which a conversation may pass conditions that it did not, or the other way round. */
const TELLS = /^(message\.created|assignee\.changed|team\.changed|conversation\.(created|updated|status_changed|deleted))$/;
const LOOK_AGAIN_MS = 2_000;
export const startQuery: ListQuery = { ...noFilter, tab: 'me', sort: 'latest' };

/** The conversations this client knows, the lists made of them, and their counts. */
export const useConversationList = defineStore('conversation-list', () => {
  const scope = useScope();
  const realtime = useRealtime();
  const state = shallowRef(emptyList(0));
  const query = ref<ListQuery>({ ...startQuery });
  const loading = ref(false);
  const loadingMore = ref(false);
  const error = shallowRef<ApiError | null>(null);
  /** Events that came while an answer was on its way: older than them or not, they are applied to it once more. */
  const journal: AgentEvent[] = [];
  let inFlight = 0;
  let turn = 0;
  let lookTimer: ReturnType<typeof setTimeout> | undefined;
  let recountTimer: ReturnType<typeof setTimeout> | undefined;
  let snapshotTimer: ReturnType<typeof setTimeout> | undefined;
  const wanted = new Set<number>();

  const key = computed(() => queryKey(query.value));
  // Not a computed: the view stays the same object while its ids change, and a computed would hide that.
  const view = () => state.value.views.get(key.value);
  const ids = computed(() => view()?.ids ?? []);
  const loaded = computed(() => view() !== undefined);
  const hasMore = computed(() => (view()?.cursor ?? null) !== null);
  const counts = computed(() => state.value.counts.get(filterKey(query.value))?.counts ?? null);
  /** Shown everywhere, whatever list is open. */
  const unreadOfMine = computed(() => state.value.waiting ?? 0);

  function changed() {
    triggerRef(state);
    clearTimeout(snapshotTimer);
    snapshotTimer = setTimeout(saveSnapshot, SNAPSHOT_MS);
  }

  /** Runs a request whose answer is merged by `merge`, then repeats what was pushed meanwhile. */
  async function fetching<T>(request: () => Promise<T>, merge: (answer: T) => void): Promise<void> {
    const from = journal.length;
    inFlight++;
    try {
      const answer = await request();
      merge(answer);
      for (const event of journal.slice(from)) reduceList(state.value, event);
      changed();
    } finally {
      if (--inFlight === 0) journal.length = 0;
    }
  }

  function mergePage(of: ListQuery, page: ConversationPage, first: boolean) {
    pageLoaded(state.value, of, page.payload, page.meta.next_cursor, first);
    setCounts(of, page.meta);
  }

  function setCounts(of: ListQuery, meta: ConversationCounts) {
    state.value.counts.set(filterKey(of), { filter: of, counts: { mine: meta.mine_count, unassigned: meta.unassigned_count, all: meta.all_count } });
  }

  /** Begins for the person of the scope: shows what this device remembers, then what the server says. */
  async function open() {
    state.value = emptyList(scope.userId);
    const remembered = readCached<Snapshot>('snapshots', `${scope.key}.list`).then((snapshot) => {
      if (!snapshot || loaded.value) return;
      query.value = { ...startQuery, ...snapshot.query };
      pageLoaded(state.value, query.value, snapshot.conversations, null, true);
      state.value.counts.set(filterKey(query.value), { filter: query.value, counts: snapshot.counts });
      triggerRef(state);
    });
    await Promise.all([remembered, realtime.whenReady()]);
    await refresh();
    await countUnread();
  }

  /** Fetches the beginning of the list on show. */
  async function refresh() {
    const of = query.value;
    const mine = ++turn;
    loading.value = true;
    error.value = null;
    try {
      await fetching(() => fetchPage(scope.accountId, of, null), (page) => mergePage(of, page, true));
    } catch (problem) {
      if (mine === turn) error.value = asApiError(problem);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  /** Fetches the next page; does nothing at the end or while one is coming. */
  async function loadMore() {
    const of = query.value;
    const cursor = view()?.cursor;
    if (!cursor || loadingMore.value) return;
    loadingMore.value = true;
    try {
      await fetching(() => fetchPage(scope.accountId, of, cursor), (page) => mergePage(of, page, false));
    } catch (problem) {
      error.value = asApiError(problem);
    } finally {
      loadingMore.value = false;
    }
  }

  /** Shows another list; one seen before is there at once and refreshed. */
  function show(changes: Partial<ListQuery>) {
    query.value = { ...query.value, ...changes };
    void refresh();
  }

  /** The only way for events in. */
  function apply(event: AgentEvent) {
    if (inFlight > 0) journal.push(event);
    const { missing, recount } = reduceList(state.value, event);
    for (const id of missing) void fetchOne(id);
    if (query.value.conditions && TELLS.test(event.event)) lookAgainSoon();
    if (recount) recountSoon();
    changed();
  }

  /** Makes sure a conversation is known; rejects when there is none or it may not be seen. */
  async function ensure(id: number): Promise<void> {
    if (!state.value.entities.has(id)) await fetching(() => fetchConversation(scope.accountId, id), (conversation) => adopt(state.value, conversation));
  }

  async function fetchOne(id: number) {
    if (wanted.has(id)) return;
    wanted.add(id);
    try {
      await fetching(() => fetchConversation(scope.accountId, id), (conversation) => adopt(state.value, conversation));
    } catch {
      // Deleted meanwhile, or of an inbox this person is not in; either way it belongs in no list here.
    } finally {
      wanted.delete(id);
    }
  }

  /** What passes conditions only the server can tell: its beginning is fetched anew, at most every two seconds. */
  function lookAgainSoon() {
    lookTimer ??= setTimeout(() => {
      lookTimer = undefined;
      const of = query.value;
      if (!of.conditions) return;
      fetching(() => fetchPage(scope.accountId, of, null), (page) => {
        beginningLoaded(state.value, of, page.payload, page.meta.next_cursor);
        setCounts(of, page.meta);
      }).catch(() => undefined);
    }, LOOK_AGAIN_MS);
  }

  function recountSoon() {
    clearTimeout(recountTimer);
    recountTimer = setTimeout(() => {
      const of = query.value;
      void countUnread();
      if (of.conditions) return;
      fetchCounts(scope.accountId, of).then((meta) => { setCounts(of, meta); changed(); }, () => undefined);
    }, RECOUNT_MS);
  }

  async function countUnread() {
    const answer = await fetchUnreadCounts(scope.accountId).catch(() => undefined);
    if (!answer) return;
    state.value.waiting = answer.mine;
    changed();
  }

  function saveSnapshot() {
    const shown = view();
    const counted = counts.value;
    if (!shown || !counted) return;
    const conversations = shown.ids.slice(0, SNAPSHOT_ROWS).flatMap((id) => state.value.entities.get(id) ?? []);
    const snapshot: Snapshot = { query: JSON.parse(JSON.stringify(shown.query)) as ListQuery, conversations, counts: counted, at: Date.now() };
    void writeCached('snapshots', `${scope.key}.list`, snapshot);
  }

  /** Forgets everything; the person signed out or went to another account. */
  function close() {
    clearTimeout(recountTimer);
    clearTimeout(lookTimer);
    lookTimer = undefined;
    clearTimeout(snapshotTimer);
    turn++;
    state.value = emptyList(0);
    query.value = { ...startQuery };
  }

  /** The conversation as known now; undefined when it is not. Reactive. */
  const get = (id: number): Conversation | undefined => state.value.entities.get(id);
  /** Shows a change before the server has confirmed it. */
  function change(id: number, changes: ConversationChanges) {
    changeLocally(state.value, id, changes);
    changed();
  }
  /** Takes in a conversation that some other request brought. */
  function take(conversation: Conversation) {
    adopt(state.value, conversation);
    changed();
  }
  /** Keeps the row of what is open in its place. */
  function keep(id: number | null) {
    hold(state.value, id);
    changed();
  }

  return { query, ids, loaded, loading, loadingMore, hasMore, error, counts, unreadOfMine, open, close, refresh, loadMore, show, apply, refetch: refresh, ensure, get, change, take, keep };
});

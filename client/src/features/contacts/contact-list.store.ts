import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../../api/errors';
import type { Contact, Id } from '../../api/types';
import type { AgentEvent } from '../../realtime/agent-event.types';
import { fetchContactPage, type ContactQuery } from './contacts.api';

const everybody = (): ContactQuery => ({ q: '', sort: '-last_activity_at', label: null, filter: null });

/** The list of people as it was left: coming back from one of them it is there at once, and is fetched anew behind that. */
export const useContactList = defineStore('contact-list', () => {
  const accountId = ref<Id>(0);
  const query = reactive<ContactQuery>(everybody());
  const rows = shallowRef<readonly Contact[]>([]);
  const next = ref<string | null>(null);
  const count = ref<number | null>(null);
  const loading = ref(false);
  const loadingMore = ref(false);
  const error = shallowRef<ApiError>();
  const hasLoaded = ref(false);
  const chosen = ref<ReadonlySet<Id>>(new Set());
  let running: AbortController | undefined;

  const ids = computed(() => rows.value.map((row) => row.id));
  const byId = computed(() => new Map(rows.value.map((row) => [row.id, row])));
  const isNarrowed = computed(() => query.q.trim() !== '' || query.label !== null || query.filter !== null);

  /** Fetches the first page; what is on show stays until it is there. */
  async function refresh(): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    loading.value = true;
    try {
      const page = await fetchContactPage(accountId.value, { ...query }, null, mine.signal);
      if (running !== mine) return;
      rows.value = page.rows;
      next.value = page.next;
      count.value = page.count;
      error.value = undefined;
      hasLoaded.value = true;
      choose([...chosen.value].filter((id) => byId.value.has(id)));
    } catch (problem) {
      if (!mine.signal.aborted) error.value = asApiError(problem);
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  async function more(): Promise<void> {
    const mine = running;
    if (!mine || loading.value || loadingMore.value || next.value === null) return;
    loadingMore.value = true;
    try {
      const page = await fetchContactPage(accountId.value, { ...query }, next.value, mine.signal);
      if (running !== mine) return;
      rows.value = [...rows.value, ...page.rows.filter((row) => !byId.value.has(row.id))];
      next.value = page.next;
    } catch (problem) {
      if (!mine.signal.aborted) error.value = asApiError(problem);
    } finally {
      loadingMore.value = false;
    }
  }

  /** Enters an account, forgetting the list of another. */
  function open(account: Id): void {
    if (accountId.value !== account) close();
    accountId.value = account;
    // Somebody may have come in meanwhile: "nobody" is not to be said before asking.
    if (rows.value.length === 0) hasLoaded.value = false;
    void refresh();
  }

  function change(part: Partial<ContactQuery>): void {
    Object.assign(query, part);
    error.value = undefined;
    choose([]);
    void refresh();
  }

  /** What has changed about somebody who is on show; labels come with the list only, so they stay. */
  function put(contact: Contact): void {
    if (byId.value.has(contact.id)) rows.value = rows.value.map((row) => (row.id === contact.id ? { ...row, ...contact } : row));
  }

  function drop(id: Id): void {
    if (!byId.value.has(id)) return;
    rows.value = rows.value.filter((row) => row.id !== id);
    if (count.value !== null) count.value = Math.max(0, count.value - 1);
    choose([...chosen.value].filter((other) => other !== id));
  }

  /** The only way for events in. Nobody new jumps into a list that is being read. */
  function apply({ event, data }: AgentEvent): void {
    if (event === 'contact.updated') put(data as Contact);
    if (event === 'contact.deleted') drop((data as { id: Id }).id);
  }

  /** Nothing to do where nobody has looked yet. */
  function refetch(): void {
    if (hasLoaded.value) void refresh();
  }

  function choose(which: readonly Id[]): void {
    chosen.value = new Set(which);
  }
  function toggle(id: Id): void {
    const after = new Set(chosen.value);
    if (!after.delete(id)) after.add(id);
    chosen.value = after;
  }

  function close(): void {
    running?.abort();
    running = undefined;
    Object.assign(query, everybody());
    rows.value = [];
    next.value = null;
    count.value = null;
    hasLoaded.value = false;
    error.value = undefined;
    choose([]);
  }

  return { accountId, query, rows, ids, byId, next, count, loading, loadingMore, error, hasLoaded, chosen, isNarrowed, open, refresh, more, change, put, drop, apply, refetch, choose, toggle, close };
});

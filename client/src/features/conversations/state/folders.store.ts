import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { filterConversations } from '../../../api/conversations';
import { asApiError, type ApiError } from '../../../api/errors';
import { accountPath, http } from '../../../api/http';
import type { Condition } from '../../../api/tools';
import { useSession } from '../../../app/session';

/** A filter kept under a name, for oneself. */
export interface Folder { id: number; name: string; conditions: Condition[] }
interface SavedFilter { id: number; name: string; query: { payload?: Condition[] } }
const folderOf = ({ id, name, query }: SavedFilter): Folder => ({ id, name, conditions: query.payload ?? [] });
/** Counting is a search: so many are counted, the others when they are opened. */
const COUNTED = 10;

/** The person's saved filters of conversations, and how many conversations each lets through. */
export const useFolders = defineStore('conversation-folders', () => {
  const session = useSession();
  const all = shallowRef<Folder[]>([]);
  /** Why they could not be fetched; what was known stays. */
  const error = shallowRef<ApiError | null>(null);
  const counts = ref(new Map<number, number>());
  const path = (id?: number) => accountPath(session.accountId!, `custom_filters${id === undefined ? '' : `/${id}`}`);

  /** Fetches them; when that fails, what was known stays. */
  async function load() {
    const account = session.accountId!;
    error.value = null;
    const found = await http.get<SavedFilter[]>(path(), { query: { filter_type: 'conversation' } }).catch((problem: unknown) => void (error.value = asApiError(problem)));
    if (found && account === session.accountId) all.value = found.map(folderOf);
  }

  /** Fetches them and counts the first ones, one after the other. */
  async function refresh() {
    const account = session.accountId!;
    await load();
    for (const { id, conditions } of all.value.slice(0, COUNTED)) {
      const answer = await filterConversations(account, conditions).catch(() => undefined);
      if (account !== session.accountId) return;
      if (answer) counts.value.set(id, answer.meta.all_count);
    }
  }

  /** Without an id it is a new one. */
  async function save(id: number | undefined, name: string, conditions: Condition[]): Promise<Folder> {
    const body = { name, filter_type: 'conversation', query: { payload: conditions } };
    const saved = folderOf(await (id === undefined ? http.post<SavedFilter>(path(), body) : http.patch<SavedFilter>(path(id), body)));
    all.value = id === undefined ? [...all.value, saved] : all.value.map((other) => (other.id === id ? saved : other));
    counts.value.delete(saved.id);
    return saved;
  }

  async function remove(id: number) {
    await http.delete(path(id));
    all.value = all.value.filter((folder) => folder.id !== id);
  }

  /** Forgets everything. */
  function close() {
    all.value = [];
    counts.value = new Map();
  }

  return { all, error, counts, load, refresh, save, remove, close };
});

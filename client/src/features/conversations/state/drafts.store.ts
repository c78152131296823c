import { defineStore } from 'pinia';
import { reactive } from 'vue';
import { deleteDraft, fetchDraft, saveDraft } from '../conversations.api';
import { useScope } from './scope.store';

export type Mode = 'reply' | 'note';

/** What is being written in one conversation. Reply and note are apart, so that a note never goes to the visitor by a slip. */
export interface Draft {
  reply: string;
  note: string;
  mode: Mode;
  inReplyTo: number | null;
  /** Changed here and not yet accepted by the server. */
  unsaved: boolean;
  at: number;
}

const SAVE_MS = 1_000;
const KEPT = 50;

/** Drafts: on the server, for the next device, and here, for when there is no connection. */
export const useDrafts = defineStore('drafts', () => {
  const scope = useScope();
  const drafts = reactive(new Map<number, Draft>());
  const timers = new Map<number, ReturnType<typeof setTimeout>>();

  const storageKey = () => `porchlight.drafts.${scope.key}`;

  /** Reads what this device kept, and sends what the server does not have yet. */
  function open() {
    try {
      const kept = JSON.parse(localStorage.getItem(storageKey()) ?? '[]') as [number, Draft][];
      for (const [id, draft] of kept) drafts.set(id, draft);
    } catch {
      // Unreadable or forbidden: the server has its copy.
    }
    for (const [id, draft] of drafts) if (draft.unsaved) saveSoon(id);
  }

  function keep() {
    const written = [...drafts].filter(([, { reply, note }]) => reply || note).sort(([, a], [, b]) => b.at - a.at).slice(0, KEPT);
    try {
      localStorage.setItem(storageKey(), JSON.stringify(written));
    } catch {
      // Full or forbidden: the server has its copy.
    }
  }

  /** The draft of a conversation, made when there is none. Reactive. */
  function of(id: number): Draft {
    if (!drafts.has(id)) drafts.set(id, { reply: '', note: '', mode: 'reply', inReplyTo: null, unsaved: false, at: 0 });
    return drafts.get(id)!;
  }

  /** Fetches what was written on another device, unless something newer is here. */
  async function load(id: number) {
    const draft = of(id);
    if (draft.unsaved) return;
    const before = draft.at;
    const found = await fetchDraft(scope.accountId, id).catch(() => undefined);
    if (found === undefined || draft.unsaved || draft.at !== before) return;
    const mode: Mode = found?.private ? 'note' : 'reply';
    draft[mode] = found?.content ?? '';
    if (found?.content) draft.mode = mode;
  }

  /** Changes a draft; the server hears of it a second after the last change. */
  function write(id: number, changes: Partial<Pick<Draft, 'reply' | 'note' | 'mode' | 'inReplyTo'>>) {
    Object.assign(of(id), changes, { unsaved: true, at: Date.now() });
    keep();
    saveSoon(id);
  }

  /** The message was handed to the outbox: nothing of it stays here. */
  function clear(id: number, mode: Mode) {
    Object.assign(of(id), { [mode]: '', inReplyTo: null, unsaved: true, at: Date.now() });
    keep();
    clearTimeout(timers.get(id));
    void save(id);
  }

  function saveSoon(id: number) {
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(() => void save(id), SAVE_MS));
  }

  async function save(id: number) {
    const draft = of(id);
    const { at } = draft;
    const other: Mode = draft.mode === 'reply' ? 'note' : 'reply';
    // The server keeps one text: the one being written, or else the other.
    const mode = draft[draft.mode] ? draft.mode : other;
    try {
      if (draft[mode]) await saveDraft(scope.accountId, id, { content: draft[mode], private: mode === 'note' });
      else await deleteDraft(scope.accountId, id);
      if (draft.at === at) draft.unsaved = false;
      keep();
    } catch {
      // No connection: it stays marked and goes with the next change or visit.
    }
  }

  /** Is something written there and not sent? */
  const has = (id: number) => Boolean(drafts.get(id)?.reply || drafts.get(id)?.note);

  /** Forgets what is in memory. */
  function close() {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    drafts.clear();
  }

  return { of, has, load, write, clear, open, close };
});

import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';
import { asApiError, type ApiError } from '../../../api/errors';
import { noteUnsaved } from '../../../composables/unsaved-changes';
import { useOnline } from '../../../composables/useOnline';
import type { Article } from '../knowledge.api';

export interface ArticleText { title: string; content: string }
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed';
const IDLE_MS = 800;
const AGAIN_MS = [2_000, 5_000, 15_000, 30_000];
const textOf = ({ title, content }: Article): ArticleText => ({ title, content: content ?? '' });
/** Whether the same text may be taken another time: the server was away or overburdened, and did not refuse what is written. */
const mayPass = (error: ApiError): boolean => error.status <= 0 || error.status === 429 || error.status >= 500;

/**
 * The text of an article while it is written. A draft keeps itself, shortly after each pause, and tries again by itself until it is kept; what is
 * public is kept only when asked. One request at a time: an older text must never arrive after a newer one.
 */
export function useArticleText(article: Article, send: (text: ArticleText) => Promise<unknown>, keepsItself: () => boolean) {
  const text = reactive(textOf(article));
  const stored = ref(JSON.stringify(text));
  const written = computed(() => JSON.stringify(text));
  const changed = computed(() => written.value !== stored.value);
  const saving = ref(false);
  const error = shallowRef<ApiError>();
  noteUnsaved(changed);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let tries = 0;
  let left = false;

  /** Keeps what is written now. Answers whether all of it is kept. */
  async function save(): Promise<boolean> {
    clearTimeout(timer);
    while (running) await running;
    if (changed.value) await (running = push());
    return !changed.value;
  }
  async function push(): Promise<void> {
    const sent = written.value;
    saving.value = true;
    try {
      await send(JSON.parse(sent) as ArticleText);
      stored.value = sent;
      error.value = undefined;
      tries = 0;
    } catch (problem) {
      error.value = asApiError(problem);
    } finally {
      saving.value = false;
      running = undefined;
    }
    plan();
  }
  function plan(): void {
    clearTimeout(timer);
    if (left || !changed.value || !keepsItself() || (error.value && !mayPass(error.value))) return;
    timer = setTimeout(() => void save(), error.value ? AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)] : IDLE_MS);
  }
  watch(written, () => {
    // What was refused has been changed; what could not be sent keeps its turn.
    if (error.value && !mayPass(error.value)) error.value = undefined;
    if (!error.value) plan();
  });
  const online = useOnline();
  watch(online, (is) => { if (is && error.value?.offline && keepsItself()) void save(); });
  onScopeDispose(() => {
    left = true;
    clearTimeout(timer);
  });

  const state = computed<SaveState>(() => (saving.value ? 'saving' : error.value ? 'failed' : changed.value ? 'unsaved' : 'saved'));
  return { text, changed, state, error, save };
}

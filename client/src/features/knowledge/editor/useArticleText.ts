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
 * public is kept only when asked. One request at a time: an older text must never arrive after a newer one, nor over one that was never seen here.
 */
export function useArticleText(article: Article, send: (text: ArticleText, expected_version: number) => Promise<Article>, keepsItself: () => boolean) {
  const text = reactive(textOf(article));
  /** Which text on the server this one was made from. */
  let version = article.version;
  const stored = ref(JSON.stringify(text));
  const written = computed(() => JSON.stringify(text));
  const changed = computed(() => written.value !== stored.value);
  const saving = ref(false);
  const error = shallowRef<ApiError>();
  noteUnsaved(changed);
  const isOvertaken = computed(() => error.value?.status === 409);
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
      ({ version } = await send(JSON.parse(sent) as ArticleText, version));
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
    // What was refused has been changed; what could not be sent keeps its turn. That somebody else wrote is not mended by writing on.
    if (error.value && !mayPass(error.value) && !isOvertaken.value) error.value = undefined;
    if (!error.value) plan();
  });
  const online = useOnline();
  watch(online, (is) => { if (is && error.value?.offline && keepsItself()) void save(); });
  onScopeDispose(() => {
    left = true;
    clearTimeout(timer);
  });

  const state = computed<SaveState>(() => (saving.value ? 'saving' : error.value ? 'failed' : changed.value ? 'unsaved' : 'saved'));
  /** Ends that somebody else wrote meanwhile: with their text, or by putting this one in its place. */
  async function settle(theirs: Article, keep: 'mine' | 'theirs'): Promise<void> {
    error.value = undefined;
    ({ version } = theirs);
    stored.value = JSON.stringify(textOf(theirs));
    if (keep === 'theirs') Object.assign(text, textOf(theirs));
    else await save();
  }
  return { text, changed, state, error, isOvertaken, save, settle };
}

import { onScopeDispose, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../../../api/errors';

const PAUSE_MS = 1_000;
const AFTER_FAILURE_MS = 5_000;

/** Asks again and again how far something in the background is, until it is finished or nobody looks any more. */
export function useProgress<T extends { id: number; finished: boolean }>(fetcher: (id: number) => Promise<T>) {
  const state = shallowRef<T>();
  const error = shallowRef<ApiError>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watched = 0;

  function stop(): void {
    clearTimeout(timer);
    watched = 0;
  }
  async function look(id: number): Promise<void> {
    let pause = PAUSE_MS;
    try {
      const now = await fetcher(id);
      if (watched !== id) return;
      state.value = now;
      error.value = undefined;
      if (now.finished) return stop();
    } catch (problem) {
      if (watched !== id) return;
      error.value = asApiError(problem);
      if (error.value.status === 404) return stop();
      pause = AFTER_FAILURE_MS;
    }
    timer = setTimeout(() => void look(id), pause);
  }
  function follow(id: number, known?: T): void {
    stop();
    watched = id;
    state.value = known;
    error.value = undefined;
    void look(id);
  }
  function forget(): void {
    stop();
    state.value = undefined;
    error.value = undefined;
  }
  onScopeDispose(stop);
  return { state, error, follow, forget };
}

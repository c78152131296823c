import { computed, ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../api/errors';

/** Runs something on demand: `busy` while it runs (a second call waits its turn by being ignored), `error` when it failed. */
export function useAction<A extends unknown[], R>(work: (...input: A) => Promise<R>) {
  const busy = ref(false);
  const error = shallowRef<ApiError>();
  /** Resolves to the answer, or undefined when it failed or one was already running. */
  async function run(...input: A): Promise<R | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    error.value = undefined;
    try {
      return await work(...input);
    } catch (problem) {
      error.value = asApiError(problem);
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  const failed = computed(() => error.value !== undefined);
  return { run, busy, error, failed };
}

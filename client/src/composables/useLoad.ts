import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { asApiError, type ApiError } from '../api/errors';

export interface Load<T> {
  data: ShallowRef<T | undefined>;
  error: ShallowRef<ApiError | undefined>;
  loading: Ref<boolean>;
  /** Fetches again; what is on show stays until the new answer is there. */
  reload: () => Promise<void>;
}

/** Fetches when called and again on `reload`; an answer that comes after a newer call, or after the view is gone, is dropped. */
export function useLoad<T>(fetcher: () => Promise<T>): Load<T> {
  const data = shallowRef<T>();
  const error = shallowRef<ApiError>();
  const loading = ref(false);
  let turn = 0;
  async function reload() {
    const mine = ++turn;
    loading.value = true;
    try {
      const answer = await fetcher();
      if (mine !== turn) return;
      data.value = answer;
      error.value = undefined;
    } catch (problem) {
      if (mine === turn) error.value = asApiError(problem);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }
  onScopeDispose(() => turn++);
  void reload();
  return { data, error, loading, reload };
}

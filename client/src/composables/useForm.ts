import { computed, onScopeDispose, reactive, ref, toRaw, watch } from 'vue';
import { noteUnsaved } from './unsaved-changes';
import { useAction } from './useAction';

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/**
 * A draft of something stored: filled from `source` whenever that changes, sent by `submit`, `saved` for three seconds
 * afterwards. `changed` tells whether there is anything to send; leaving the page then asks first.
 */
export function useForm<T extends object>(source: () => T, send: (draft: T) => Promise<unknown>) {
  const draft = reactive(copyOf(source())) as T;
  const stored = ref(JSON.stringify(source()));
  const saved = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = computed(() => JSON.stringify(draft) !== stored.value);
  noteUnsaved(changed);
  const { run, busy, error } = useAction(async () => {
    await send(copyOf(toRaw(draft)) as T);
    return true;
  });

  function reset(): void {
    stored.value = JSON.stringify(source());
    Object.assign(draft, copyOf(source()));
    error.value = undefined;
  }
  watch(() => JSON.stringify(source()), (now) => {
    if (now !== stored.value) reset();
  });
  async function submit(): Promise<void> {
    if (!(await run())) return;
    reset();
    saved.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => (saved.value = false), 3000);
  }
  onScopeDispose(() => clearTimeout(timer));
  return { draft, changed, busy, error, saved, submit, reset };
}

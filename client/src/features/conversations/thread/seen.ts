import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** True while somebody can really see the page: its tab is in front and its window has the focus. */
export function useLooking(): Readonly<Ref<boolean>> {
  const looking = ref(document.visibilityState === 'visible' && document.hasFocus());
  const look = () => (looking.value = document.visibilityState === 'visible' && document.hasFocus());
  const types = ['focus', 'blur'] as const;
  for (const type of types) window.addEventListener(type, look);
  document.addEventListener('visibilitychange', look);
  onScopeDispose(() => {
    for (const type of types) window.removeEventListener(type, look);
    document.removeEventListener('visibilitychange', look);
  });
  return looking;
}

/** Runs `mark` whenever something unread lies before the person's eyes. */
export function useMarkSeen(before: () => { unread: number; shown: boolean }, mark: () => void): void {
  const looking = useLooking();
  watch(() => looking.value && before().shown && before().unread > 0, (now) => { if (now) mark(); }, { immediate: true });
}

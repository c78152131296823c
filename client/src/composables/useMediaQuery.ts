import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** Follows a media query. `PHONE`, `NARROW` and `WIDE` are the three layouts of the dashboard. */
export function useMediaQuery(query: string): Readonly<Ref<boolean>> {
  const list = window.matchMedia(query);
  const matches = ref(list.matches);
  const follow = () => (matches.value = list.matches);
  list.addEventListener('change', follow);
  onScopeDispose(() => list.removeEventListener('change', follow));
  return readonly(matches);
}
export const PHONE = '(max-width: 47.99rem)';
export const NARROW = '(max-width: 79.99rem)';
export const WIDE = '(min-width: 80rem)';

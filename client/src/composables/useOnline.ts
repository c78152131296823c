import { readonly, ref } from 'vue';
import { onReachability } from '../api/http';

const online = ref(typeof navigator === 'undefined' ? true : navigator.onLine);
if (typeof window !== 'undefined') {
  window.addEventListener('online', () => (online.value = true));
  window.addEventListener('offline', () => (online.value = false));
  onReachability((reachable) => (online.value = reachable));
}

/** False while the browser has no network or the last call did not reach the server. */
export const useOnline = () => readonly(online);

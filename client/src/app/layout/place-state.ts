import { useRoute, type RouteLocationRaw } from 'vue-router';
import type { Place } from '../features';

/** Which place of the rail is open, where each leads, what waits there. */
export function usePlaceState() {
  const route = useRoute();
  const target = (place: Place): RouteLocationRaw => ({ name: place.route, params: { accountId: route.params.accountId } });
  const isOpen = (place: Place) => {
    const path = route.path.replace(/^\/accounts\/\d+\//, '');
    return path === place.prefix || path.startsWith(`${place.prefix}/`);
  };
  const badge = (place: Place) => place.badge?.() ?? 0;
  return { target, isOpen, badge };
}

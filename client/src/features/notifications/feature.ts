import { Bell } from '@lucide/vue';
import type { Feature } from '../../app/features';
import { unread } from './unread';

/** The bell: what concerns the person, and how they want to be told. */
export default {
  name: 'notifications',
  places: [{ route: 'notifications', prefix: 'notifications', icon: Bell, label: 'nav.notifications', shortLabel: 'nav.notices', order: 5, keys: 'g n', badge: () => unread.value }],
  accountRoutes: [{ path: 'notifications', name: 'notifications', component: () => import('./NotificationsPage.vue'), meta: { title: 'nav.notifications' } }],
  enterAccount: (accountId) => {
    let left = false;
    let leave = () => { left = true; };
    void import('./follow-notifications').then(({ followNotifications }) => { if (!left) leave = followNotifications(accountId); });
    return () => leave();
  },
} satisfies Feature;

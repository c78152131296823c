import { Bell } from '@lucide/vue';
import type { Feature } from '../../app/features';
import { followLate } from '../../app/late-files';
import { unread } from './unread';

/** The bell: what concerns the person, and how they want to be told. */
export default {
  name: 'notifications',
  places: [{ route: 'notifications', prefix: 'notifications', icon: Bell, label: 'nav.notifications', shortLabel: 'nav.notices', order: 5, keys: 'g n', badge: () => unread.value }],
  accountRoutes: [{ path: 'notifications', name: 'notifications', component: () => import('./NotificationsPage.vue'), meta: { title: 'nav.notifications' } }],
  enterAccount: followLate(async () => (await import('./follow-notifications')).followNotifications),
} satisfies Feature;

import { ContactRound } from '@lucide/vue';
import type { Feature } from '../../app/features';
import { followLate } from '../../app/late-files';

/** The people who write to us. */
export default {
  name: 'contacts',
  accountRoutes: [
    { path: 'contacts', name: 'contacts', component: () => import('./ContactsPage.vue'), meta: { title: 'nav.contacts' } },
    { path: 'contacts/:contactId(\\d+)', name: 'contact', component: () => import('./ContactPage.vue'), meta: { title: 'nav.contacts', messages: ['conversations'] } },
  ],
  places: [{ route: 'contacts', prefix: 'contacts', icon: ContactRound, label: 'nav.contacts', order: 2, keys: 'g c' }],
  enterAccount: followLate(async () => (await import('./follow-contacts')).followContacts),
} satisfies Feature;

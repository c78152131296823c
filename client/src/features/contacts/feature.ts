import { ContactRound } from '@lucide/vue';
import type { Feature } from '../../app/features';

/** The people who write to us. */
export default {
  name: 'contacts',
  accountRoutes: [
    { path: 'contacts', name: 'contacts', component: () => import('./ContactsPage.vue'), meta: { title: 'nav.contacts' } },
    { path: 'contacts/:contactId(\\d+)', name: 'contact', component: () => import('./ContactPage.vue'), meta: { title: 'nav.contacts', messages: ['conversations'] } },
  ],
  places: [{ route: 'contacts', prefix: 'contacts', icon: ContactRound, label: 'nav.contacts', order: 2, keys: 'g c' }],
  enterAccount: (accountId) => {
    let left = false;
    let leave = () => { left = true; };
    void import('./follow-contacts').then(({ followContacts }) => { if (!left) leave = followContacts(accountId); });
    return () => leave();
  },
} satisfies Feature;

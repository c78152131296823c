import { Inbox } from '@lucide/vue';
import { ref } from 'vue';
import type { Feature } from '../../app/features';

/** Open conversations of this person with something unread; filled once the account is followed. */
const waiting = ref(0);

const conversations: Feature = {
  name: 'conversations',
  accountRoutes: [
    {
      path: 'conversations',
      component: () => import('./ConversationsPage.vue'),
      children: [
        { path: '', name: 'inbox', component: () => import('./thread/NothingOpen.vue'), meta: { title: 'nav.inbox' } },
        { path: ':conversationId(\\d+)', name: 'conversation', component: () => import('./thread/ConversationPane.vue'), meta: { title: 'nav.inbox' } },
      ],
    },
  ],
  places: [{ route: 'inbox', prefix: 'conversations', icon: Inbox, label: 'nav.inbox', order: 1, keys: 'g i', badge: () => waiting.value }],
  enterAccount: (accountId) => {
    let left = false;
    let leave = () => { left = true; };
    void import('./follow-account').then(({ followAccount }) => { if (!left) leave = followAccount(accountId, waiting); });
    return () => leave();
  },
};
export default conversations;

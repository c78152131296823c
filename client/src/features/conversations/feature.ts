import { Inbox } from '@lucide/vue';
import { ref } from 'vue';
import type { Feature } from '../../app/features';
import { followLate } from '../../app/late-files';

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
  enterAccount: followLate(async () => {
    const { followAccount } = await import('./follow-account');
    return (accountId) => followAccount(accountId, waiting);
  }),
};
export default conversations;

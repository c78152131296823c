import { fetchConversationCounts } from '../../api/conversations';
import type { Feature } from '../../app/features';
import { useSession } from '../../app/session';
import { PHONE } from '../../composables/useMediaQuery';


export default {
  name: 'onboarding',
  accountRoutes: [{ path: 'start', name: 'start', component: () => import('./StartPage.vue'), meta: { title: 'nav.start', messages: ['settings', 'identity'] } }],
  // On wide screens the empty inbox itself shows the first steps; a phone's empty list has no room for them.
  startAt: async (accountId) => {
    if (!window.matchMedia(PHONE).matches || useSession().user?.ui_settings.first_steps_done === true) return undefined;
    const { all_count: conversations } = await fetchConversationCounts(accountId, { status: 'all' });
    return conversations === 0 ? { name: 'start', params: { accountId } } : undefined;
  },
} satisfies Feature;

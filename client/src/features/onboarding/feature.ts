import type { Feature } from '../../app/features';

export default {
  name: 'onboarding',
  accountRoutes: [{ path: 'start', name: 'start', component: () => import('./StartPage.vue'), meta: { title: 'nav.start', messages: ['settings', 'identity'] } }],
} satisfies Feature;

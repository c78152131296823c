import { FlaskConical } from '@lucide/vue';
import type { Feature } from '../../app/features';

export default {
  name: 'try-it',
  places: [{ route: 'try-it', prefix: 'try', icon: FlaskConical, label: 'nav.try', order: 80, keys: 'g y' }],
  accountRoutes: [{ path: 'try', name: 'try-it', component: () => import('./TryItPage.vue'), meta: { title: 'nav.try' } }],
} satisfies Feature;

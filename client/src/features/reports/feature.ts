import { ChartColumn } from '@lucide/vue';
import type { Feature } from '../../app/features';

export default {
  name: 'reports',
  accountRoutes: [{ path: 'reports', name: 'reports', component: () => import('./ReportsPage.vue'), meta: { title: 'nav.reports', administrator: true } }],
  places: [{ route: 'reports', prefix: 'reports', icon: ChartColumn, label: 'nav.reports', order: 50, keys: 'g r', administrator: true }],
} satisfies Feature;

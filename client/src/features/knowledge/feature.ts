import { BookOpen } from '@lucide/vue';
import type { Feature } from '../../app/features';

/** What people read to find answers by themselves. */
export default {
  name: 'knowledge',
  accountRoutes: [{
    path: 'knowledge', component: () => import('./KnowledgeLayout.vue'), meta: { messages: ['settings'] },
    children: [
      { path: '', name: 'knowledge', component: () => import('./PortalsPage.vue'), meta: { title: 'nav.help' } },
      { path: 'new', name: 'knowledge-new', component: () => import('./portal/NewPortalPage.vue'), meta: { title: 'nav.help', administrator: true } },
      { path: ':portal/:tab(articles|categories|settings)', name: 'knowledge-portal', component: () => import('./portal/PortalPage.vue'), meta: { title: 'nav.help' } },
      { path: ':portal/articles/:articleId(\\d+)', name: 'knowledge-article', component: () => import('./editor/ArticlePage.vue'), meta: { title: 'nav.help' } },
    ],
  }],
  places: [{ route: 'knowledge', prefix: 'knowledge', icon: BookOpen, label: 'nav.help', order: 30, keys: 'g k' }],
} satisfies Feature;

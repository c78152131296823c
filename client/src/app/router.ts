import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router';
import { onSessionEvent } from '../api/http';
import { accountRoutes, openRoutes, startOf } from './features';
import { i18n, loadMessages } from './i18n';
import { isMissingFile, isReachable } from './late-files';
import { useSession } from './session';
import { showToast } from '../ui/toasts';

export const router = createRouter({
  history: createWebHistory('/app/'),
  routes: [
    { path: '/', name: 'home', component: () => import('./HomePage.vue') },
    ...openRoutes,
    {
      path: '/accounts/:accountId(\\d+)',
      component: () => import('./layout/AppLayout.vue'),
      children: [
        { path: '', name: 'account', component: () => import('./HomePage.vue'), beforeEnter: (to) => startOf(Number(to.params.accountId)) },
        ...accountRoutes,
      ],
    },
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue'), meta: { public: true } },
  ],
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
});

/** Where a signed-in person belongs when no page was named. */
export function homeLocation() {
  const id = useSession().homeAccountId;
  return id ? { name: 'account', params: { accountId: id } } : { name: 'no-account' };
}

const needed = (to: RouteLocationNormalized) => to.matched.flatMap((record) => record.meta.messages ?? []);

async function admit(to: RouteLocationNormalized) {
  const session = useSession();
  await session.start();
  const user = session.user;
  if (to.meta.public) return user && to.meta.title === 'identity.signIn.title' ? homeLocation() : true;
  if (!user) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (user.mfa_setup_required && !to.meta.beforeMfa) return { name: 'mfa-setup', query: { next: to.fullPath } };
  if (to.name === 'home') return homeLocation();
  if (to.params.accountId === undefined) return true;
  const accountId = Number(to.params.accountId);
  const member = user.accounts.find((account) => account.id === accountId);
  if (!member || (to.meta.administrator && member.role !== 'administrator')) return { name: 'not-found', params: { rest: to.path.slice(1).split('/') }, query: to.query };
  session.enterAccount(accountId);
  return true;
}

router.beforeEach(async (to) => {
  const verdict = await admit(to);
  if (verdict === true) await loadMessages(needed(to));
  return verdict;
});

router.afterEach((to) => {
  const title = to.meta.title ? i18n.global.t(to.meta.title) : '';
  document.title = title ? `${title} · Porchlight` : 'Porchlight';
});

// A page's files can vanish under an open tab when the server is upgraded: load the new page whole, once.
router.onError(async (error: Error, to) => {
  if (!isMissingFile(error)) return;
  // While nobody answers, that would put the browser's own error in the place of what can still be read and written.
  if (!await isReachable()) {
    showToast(i18n.global.t('errors.offline'), { tone: 'failed', action: { label: i18n.global.t('ui.tryAgain'), run: () => void router.push(to.fullPath) } });
    return;
  }
  const key = 'porchlight.reloaded';
  if (sessionStorage.getItem(key) === to.fullPath) return;
  sessionStorage.setItem(key, to.fullPath);
  window.location.assign(router.resolve(to).href);
});

let checking = false;
onSessionEvent('session-expired', () => {
  const session = useSession();
  if (checking || !session.user) return;
  checking = true;
  void session.isOver().then((over) => {
    checking = false;
    if (!over) return;
    const next = router.currentRoute.value.fullPath;
    session.forget();
    void router.push({ name: 'sign-in', query: { next, expired: '1' } });
  });
});
onSessionEvent('mfa-required', () => {
  const route = router.currentRoute.value;
  if (!route.meta.beforeMfa && !route.meta.public) void router.push({ name: 'mfa-setup', query: { next: route.fullPath } });
});

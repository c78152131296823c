import type { Feature } from '../../app/features';

export default {
  name: 'identity',
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./SignInPage.vue'), meta: { public: true, title: 'identity.signIn.title' } },
    { path: '/password/forgot', name: 'forgot-password', component: () => import('./ForgotPasswordPage.vue'), meta: { public: true, title: 'identity.forgot.title' } },
    { path: '/password/reset', alias: '/auth/password/edit', name: 'reset-password', component: () => import('./ResetPasswordPage.vue'), meta: { public: true, title: 'identity.reset.title' } },
    { path: '/invitation', name: 'invitation', component: () => import('./InvitationPage.vue'), meta: { public: true, title: 'identity.invitation.title' } },
    { path: '/setup', name: 'setup', component: () => import('./SetupPage.vue'), meta: { public: true, title: 'identity.setup.title' } },
    { path: '/two-step', name: 'mfa-setup', component: () => import('./MfaSetupPage.vue'), meta: { beforeMfa: true, title: 'identity.mfa.title' } },
    { path: '/no-account', name: 'no-account', component: () => import('./NoAccountPage.vue'), meta: { title: 'identity.noAccount.title' } },
  ],
} satisfies Feature;

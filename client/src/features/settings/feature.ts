import { Settings } from '@lucide/vue';
import type { Feature } from '../../app/features';

export default {
  name: 'settings',
  places: [{ route: 'settings', prefix: 'settings', icon: Settings, label: 'nav.settings', order: 90, keys: 'g s' }],
  accountRoutes: [
    {
      path: 'settings', component: () => import('./SettingsLayout.vue'), meta: { messages: ['identity'] },
      children: [
        { path: '', name: 'settings', component: () => import('./SettingsStart.vue'), meta: { title: 'nav.settings' } },
        { path: 'profile', name: 'settings-profile', component: () => import('./profile/ProfilePage.vue'), meta: { title: 'settings.profile.title' } },
        { path: 'security', name: 'settings-security', component: () => import('./profile/SecurityPage.vue'), meta: { title: 'settings.security.title' } },
        { path: 'notifications', name: 'settings-notifications', component: () => import('../notifications/NotificationPreferencesPage.vue'), meta: { title: 'nav.notifications', messages: ['notifications'] } },
        { path: 'account', name: 'settings-account', component: () => import('./AccountPage.vue'), meta: { title: 'settings.account.title', administrator: true } },
        { path: 'people', name: 'settings-people', component: () => import('./people/PeoplePage.vue'), meta: { title: 'settings.people.title', administrator: true } },
        { path: 'system', name: 'settings-system', component: () => import('../system/SystemPage.vue'), meta: { title: 'settings.system.title', administrator: true, messages: ['system'] } },
        { path: 'labels', name: 'settings-labels', component: () => import('./labels/LabelsPage.vue'), meta: { title: 'settings.labels.title', administrator: true } },
        { path: 'teams', name: 'settings-teams', component: () => import('../tools/teams/TeamsPage.vue'), meta: { title: 'settings.teams.title', administrator: true, messages: ['tools'] } },
        { path: 'replies', name: 'settings-replies', component: () => import('../tools/replies/RepliesPage.vue'), meta: { title: 'settings.replies.title', messages: ['tools'] } },
        { path: 'attributes', name: 'settings-attributes', component: () => import('../tools/attributes/AttributesPage.vue'), meta: { title: 'settings.attributes.title', administrator: true, messages: ['tools'] } },
        { path: 'macros', name: 'settings-macros', component: () => import('../tools/macros/MacrosPage.vue'), meta: { title: 'settings.macros.title', messages: ['tools'] } },
        { path: 'automation', name: 'settings-automation', component: () => import('../tools/rules/RulesPage.vue'), meta: { title: 'settings.automation.title', administrator: true, messages: ['tools'] } },
        { path: 'automation/:ruleId(new|\\d+)', name: 'settings-rule', component: () => import('../tools/rules/RulePage.vue'), meta: { title: 'settings.automation.title', administrator: true, messages: ['tools'] } },
        { path: 'tokens', name: 'settings-tokens', component: () => import('../integrations/tokens/TokensPage.vue'), meta: { title: 'settings.tokens.title', messages: ['integrations'] } },
        { path: 'webhooks', name: 'settings-webhooks', component: () => import('../integrations/webhooks/WebhooksPage.vue'), meta: { title: 'settings.webhooks.title', administrator: true, messages: ['integrations'] } },
        { path: 'webhooks/:webhookId(new|\\d+)', name: 'settings-webhook', component: () => import('../integrations/webhooks/WebhookPage.vue'), meta: { title: 'settings.webhooks.title', administrator: true, messages: ['integrations'] } },
        { path: 'bots', name: 'settings-bots', component: () => import('../integrations/bots/BotsPage.vue'), meta: { title: 'settings.bots.title', administrator: true, messages: ['integrations'] } },
        { path: 'bots/:botId(new|\\d+)', name: 'settings-bot', component: () => import('../integrations/bots/BotPage.vue'), meta: { title: 'settings.bots.title', administrator: true, messages: ['integrations'] } },
        { path: 'integrations', name: 'settings-integrations', component: () => import('../integrations/hooks/IntegrationsPage.vue'), meta: { title: 'settings.integrations.title', administrator: true, messages: ['integrations'] } },
        { path: 'dashboard-apps', name: 'settings-dashboard-apps', component: () => import('../integrations/apps/DashboardAppsPage.vue'), meta: { title: 'settings.dashboardApps.title', administrator: true, messages: ['tools', 'integrations'] } },
        { path: 'audit', name: 'settings-audit', component: () => import('../integrations/audit/AuditPage.vue'), meta: { title: 'settings.audit.title', administrator: true, messages: ['integrations'] } },
        { path: 'inboxes', name: 'settings-inboxes', component: () => import('./inboxes/InboxesPage.vue'), meta: { title: 'settings.inboxes.title', administrator: true } },
        { path: 'inboxes/new', name: 'settings-inbox-new', component: () => import('./inboxes/ChooseChannelPage.vue'), meta: { title: 'settings.newInbox.title', administrator: true } },
        { path: 'inboxes/new/web-chat', name: 'settings-inbox-new-web-chat', component: () => import('./inboxes/NewWebChatPage.vue'), meta: { title: 'settings.newInbox.webTitle', administrator: true } },
        { path: 'inboxes/new/api', name: 'settings-inbox-new-api', component: () => import('./inboxes/NewApiPage.vue'), meta: { title: 'settings.newInbox.apiTitle', administrator: true } },
        { path: 'inboxes/new/email', name: 'settings-inbox-new-email', component: () => import('../email/NewEmailPage.vue'), meta: { title: 'settings.newInbox.emailTitle', administrator: true, messages: ['email'] } },
        { path: 'inboxes/:inboxId(\\d+)/:tab?', name: 'settings-inbox', component: () => import('./inboxes/InboxPage.vue'), meta: { title: 'settings.inboxes.title', administrator: true, messages: ['email', 'csat'] } },
        { path: 'satisfaction', name: 'settings-satisfaction', component: () => import('../csat/SatisfactionPage.vue'), meta: { title: 'settings.satisfaction', administrator: true, messages: ['csat'] } },
      ],
    },
  ],
} satisfies Feature;

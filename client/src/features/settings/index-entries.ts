import { Activity, Bell, Blocks, Bot, Building2, Inbox, KeyRound, ListChecks, MessageSquareQuote, Monitor, ScrollText, ShieldCheck, Smile, Tags, UserRound, Users, UsersRound, Webhook, Workflow, Zap } from '@lucide/vue';
import type { Component } from 'vue';

/** One line of the settings index. New settings pages add theirs here. */
export interface SettingsEntry { route: string; label: string; icon: Component; administrator?: boolean; group: 'you' | 'account' }

export const settingsEntries: SettingsEntry[] = [
  { route: 'settings-profile', label: 'settings.profile.title', icon: UserRound, group: 'you' },
  { route: 'settings-security', label: 'settings.security.title', icon: ShieldCheck, group: 'you' },
  { route: 'settings-notifications', label: 'nav.notifications', icon: Bell, group: 'you' },
  { route: 'settings-tokens', label: 'settings.tokens.title', icon: KeyRound, group: 'you' },
  { route: 'settings-account', label: 'settings.account.title', icon: Building2, administrator: true, group: 'account' },
  { route: 'settings-people', label: 'settings.people.title', icon: UsersRound, administrator: true, group: 'account' },
  { route: 'settings-inboxes', label: 'settings.inboxes.title', icon: Inbox, administrator: true, group: 'account' },
  { route: 'settings-satisfaction', label: 'settings.satisfaction', icon: Smile, administrator: true, group: 'account' },
  { route: 'settings-teams', label: 'settings.teams.title', icon: Users, administrator: true, group: 'account' },
  { route: 'settings-labels', label: 'settings.labels.title', icon: Tags, administrator: true, group: 'account' },
  { route: 'settings-replies', label: 'settings.replies.title', icon: MessageSquareQuote, group: 'account' },
  { route: 'settings-macros', label: 'settings.macros.title', icon: Zap, group: 'account' },
  { route: 'settings-attributes', label: 'settings.attributes.title', icon: ListChecks, administrator: true, group: 'account' },
  { route: 'settings-automation', label: 'settings.automation.title', icon: Workflow, administrator: true, group: 'account' },
  { route: 'settings-integrations', label: 'settings.integrations.title', icon: Blocks, administrator: true, group: 'account' },
  { route: 'settings-bots', label: 'settings.bots.title', icon: Bot, administrator: true, group: 'account' },
  { route: 'settings-webhooks', label: 'settings.webhooks.title', icon: Webhook, administrator: true, group: 'account' },
  { route: 'settings-dashboard-apps', label: 'settings.dashboardApps.title', icon: Monitor, administrator: true, group: 'account' },
  { route: 'settings-audit', label: 'settings.audit.title', icon: ScrollText, administrator: true, group: 'account' },
  { route: 'settings-system', label: 'settings.system.title', icon: Activity, administrator: true, group: 'account' },
];

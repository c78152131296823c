/** What the log speaks of, as the wire names it. */
export const AUDITED_KINDS = [
  'Account', 'AccountUser', 'User', 'AccessToken', 'Inbox', 'InboxMember', 'Team', 'TeamMember', 'Label', 'CustomAttributeDefinition', 'CannedResponse', 'Macro', 'AutomationRule', 'Webhook', 'AgentBot',
  'IntegrationHook', 'DashboardApp', 'Portal', 'Category', 'Article', 'MailBlock', 'Conversation', 'Contact', 'AuditLog', 'Installation',
] as const;
export const AUDIT_ACTIONS = ['create', 'update', 'destroy', 'sign_in', 'sign_out', 'export', 'rotate_keys', 'change_secret_key'] as const;

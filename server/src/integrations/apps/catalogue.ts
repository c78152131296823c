import { z } from 'zod';
import { formJson, freeObject, line } from '../../platform/http/schema-fields.js';

export interface SettingsField { name: string; label: string; type: 'text' | 'textarea'; required: boolean; secret: boolean }

/** One thing that can be connected. `settings` is there for those that are connected by a hook. */
export interface IntegrationApp {
  id: string; name: string; description: string; short_description: string; hook_type: 'account' | 'inbox'; allow_multiple_hooks: boolean;
  /** What a hook must be given, and which of it is never shown again. */
  settings?: z.ZodObject; secrets?: readonly string[];
  /** What people are asked for, in this order. */
  form?: readonly SettingsField[];
}

/** Part of a host name. */
const REGION = /^[a-z]+(-[a-z]+\d*)*$/;

/** What Chatwoot's clients ask for. Webhooks and dashboard apps have pages and lists of their own. */
export const INTEGRATION_APPS: readonly IntegrationApp[] = [
  { id: 'webhook', name: 'Webhooks', short_description: 'Tell other programs what happens', description: 'Addresses of other programs that are told what happens in the account.', hook_type: 'account', allow_multiple_hooks: true },
  { id: 'dashboard_apps', name: 'Dashboard apps', short_description: 'Pages beside the conversation', description: 'Pages of your own programs, shown beside a conversation.', hook_type: 'account', allow_multiple_hooks: true },
  {
    id: 'dialogflow', name: 'Dialogflow', short_description: 'Google\'s chat bots answer first', hook_type: 'inbox', allow_multiple_hooks: true,
    description: 'A Dialogflow ES agent answers what is new in an inbox until it hands over to people. What people write there goes to Google.',
    settings: z.object({ project_id: line(255), credentials: formJson(freeObject), region: line(64).regex(REGION, 'is not a region like europe-west1').optional() }), secrets: ['credentials'],
    form: [
      { name: 'project_id', label: 'Project', type: 'text', required: true, secret: false }, { name: 'credentials', label: 'Key of the service account (JSON)', type: 'textarea', required: true, secret: true },
      { name: 'region', label: 'Region', type: 'text', required: false, secret: false },
    ],
  },
];

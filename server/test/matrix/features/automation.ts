import { call } from '../../http.js';
import type { Feature } from '../feature.js';

const open = { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }] };
const named = { payload: [{ attribute_key: 'name', filter_operator: 'contains', values: ['a'] }] };
const actions = [{ action_name: 'add_label', action_params: ['seen'] }];
const rule = { name: 'Rule', event_name: 'conversation_created', conditions: [], actions, active: false };

export default {
  things: {
    bulk_actions: async ({ t, account, conversation }) =>
      (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/bulk_actions`, { type: 'Conversation', ids: [conversation], labels: { add: ['seen'] } })).body.payload.id as number,
    macros: async ({ t, account }) => (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/macros`, { name: 'Macro', actions })).body.payload.id as number,
    automation_rules: async ({ t, account }) => (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/automation_rules`, rule)).body.id as number,
  },
  names: { ids: null, conversation_ids: null, 'fields.assignee_id': 'agents', 'fields.team_id': 'teams' },
  routes: {
    'POST /api/v1/accounts/{account_id}/conversations/filter': { body: open },
    'POST /api/v1/accounts/{account_id}/contacts/filter': { body: named },
    'DELETE /api/v1/accounts/{account_id}/teams/{team_id}': { takesOthersAlong: true },
    'POST /api/v1/accounts/{account_id}/macros': { body: { name: 'Macro', actions } },
    'PATCH /api/v1/accounts/{account_id}/macros/{id}': { body: { name: 'Macro', actions } },
    'POST /api/v1/accounts/{account_id}/macros/{id}/execute': { body: ({ conversation }) => ({ conversation_ids: [conversation] }) },
    'POST /api/v1/accounts/{account_id}/bulk_actions': { body: ({ ids, conversation }) => ({ type: 'Conversation', ids: [conversation], fields: { assignee_id: ids.get('agents'), team_id: ids.get('teams') } }) },
    'POST /api/v1/accounts/{account_id}/automation_rules': { body: rule },
    'PATCH /api/v1/accounts/{account_id}/automation_rules/{id}': { body: rule },
    'POST /api/v1/accounts/{account_id}/automation_rules/dry_run': { body: { event_name: 'conversation_created', conditions: [] } },
    'POST /api/v1/accounts/{account_id}/upload': { answers: 422 },
    'POST /api/v1/accounts/{account_id}/automation_rules/reorder': { answers: 422 },
  },
} satisfies Feature;

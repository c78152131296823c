import type { Feature } from '../feature.js';

const open = { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }] };
const named = { payload: [{ attribute_key: 'name', filter_operator: 'contains', values: ['a'] }] };

export default {
  routes: {
    'POST /api/v1/accounts/{account_id}/conversations/filter': { body: open },
    'POST /api/v1/accounts/{account_id}/contacts/filter': { body: named },
    'DELETE /api/v1/accounts/{account_id}/teams/{team_id}': { takesOthersAlong: true },
  },
} satisfies Feature;

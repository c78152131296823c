import type { Feature } from '../feature.js';

const reports = 'GET /api/v2/accounts/{account_id}/reports';

export default {
  names: { 'reports.id': null },
  routes: {
    [reports]: { query: { metric: 'conversations_count', type: 'account' } },
    [`${reports}/summary`]: { query: { type: 'account' } },
    [`${reports}/conversations`]: { query: { type: 'account' } },
    [`${reports}/outgoing_messages_count`]: { query: { group_by: 'agent' } },
    [`${reports}/inbox_label_matrix`]: { dropsForeign: ['inbox_ids', 'label_ids'] },
  },
} satisfies Feature;

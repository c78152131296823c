import { call } from '../../http.js';
import type { Feature } from '../feature.js';

const settings = { project_id: 'matrix', credentials: { type: 'service_account' } };
const page = { title: 'Orders', content: [{ type: 'frame', url: 'https://orders.example/' }] };

export default {
  things: {
    hooks: async (side) => (await call(side.t, side.account.admin, 'POST', `${side.url}/integrations/hooks`, { app_id: 'dialogflow', inbox_id: side.inbox.id, settings })).body.id,
    dashboard_apps: async (side) => (await call(side.t, side.account.admin, 'POST', `${side.url}/dashboard_apps`, { ...page, title: side.mark })).body.id,
  },
  names: { app_id: null, project_id: null },
  routes: {
    'POST /api/v1/accounts/{account_id}/integrations/hooks': { body: ({ inbox }) => ({ app_id: 'dialogflow', inbox_id: inbox.id, settings }) },
    'PATCH /api/v1/accounts/{account_id}/integrations/hooks/{hook_id}': { body: { status: 0 } },
    'POST /api/v1/accounts/{account_id}/dashboard_apps': { body: page },
    'PATCH /api/v1/accounts/{account_id}/dashboard_apps/{id}': { body: { title: 'Parcels' } },
  },
} satisfies Feature;

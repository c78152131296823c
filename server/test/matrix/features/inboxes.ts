import type { Feature } from '../feature.js';

export default {
  things: { inboxes: async (side) => side.inbox.id },
  names: { inbox_members: 'inboxes' },
  routes: {
    'DELETE /api/v1/accounts/{account_id}/inboxes/{id}': { takesOthersAlong: true },
    'POST /api/v1/accounts/{account_id}/inboxes': { body: { name: 'Chat', channel: { type: 'web_widget', website_url: 'https://foodbank.example' } }, takesAnything: ['channel'], neverTaken: ['portal_id'] },
    // Settings of channels have a test of their own; unknown ones are dropped.
    'PATCH /api/v1/accounts/{account_id}/inboxes/{id}': { takesAnything: ['channel'], neverTaken: ['portal_id'] },
  },
} satisfies Feature;

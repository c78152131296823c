import type { Feature } from '../feature.js';

export default {
  things: {
    conversations: async (side) => side.conversation,
    messages: async (side) => side.message,
    contacts: async (side) => side.contact,
  },
  names: { assignee_id: 'agents', in_reply_to: 'messages', reply_to: 'messages', forwarded_message_id: 'messages', source_id: null, echo_id: null, campaign_id: null },
  routes: {
    'GET /api/v1/accounts/{account_id}/contacts/search': { query: { q: 'person' } },
    'DELETE /api/v1/accounts/{account_id}/contacts/{id}': { takesOthersAlong: true },
    'POST /api/v1/accounts/{account_id}/conversations': { body: ({ inbox, contact }) => ({ inbox_id: inbox.id, contact_id: contact, message: { content: 'Hello' } }), neverTaken: ['message.in_reply_to'] },
    'POST /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages': { body: { content: 'Hello' } },
    'POST /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{id}/retry': { answers: 422 },
    'PATCH /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{id}': { answers: 403 },
    'POST /api/v1/accounts/{account_id}/conversations/{id}/assignments': { body: ({ ids }) => ({ team_id: ids.get('teams') }) },
  },
} satisfies Feature;

import { makeInbox } from '../../factories-inboxes.js';
import { call } from '../../http.js';
import type { Feature } from '../feature.js';
import type { Side } from '../side.js';

const inboxOf = (side: Side): string => `/public/api/v1/inboxes/${side.ids.get('client_inboxes')}`;
const conversationsOf = (side: Side): string => `${inboxOf(side)}/contacts/${side.ids.get('client_contacts')}/conversations`;

export default {
  things: {
    client_inboxes: async (side) => (await makeInbox(side.t, side.account, { type: 'api', name: `${side.mark} api` })).inbox_identifier!,
    client_contacts: async (side) => (await call(side.t, null, 'POST', `${inboxOf(side)}/contacts`, { name: side.mark })).body.source_id,
    client_conversations: async (side) => (await call(side.t, null, 'POST', conversationsOf(side))).body.id,
    client_messages: async (side) => {
      const asked = await call(side.t, side.account.admin, 'POST', `${side.url}/conversations/${side.ids.get('client_conversations')}/messages`, { content: side.mark, content_type: 'form', content_attributes: { items: [{ name: 'size' }] } });
      return asked.body.id;
    },
  },
  names: {
    inbox_identifier: 'client_inboxes', contact_identifier: 'client_contacts', client_conversation_id: 'client_conversations', client_message_id: 'client_messages',
  },
  credentials: ['inbox_identifier'],
  doors: [{ under: '/public/', because: 'demands the inbox\'s identifier and the contact\'s source id, as Chatwoot\'s does' }],
  routes: {
    'PATCH /public/api/v1/inboxes/{inbox_identifier}/contacts/{contact_identifier}/conversations/{client_conversation_id}/messages/{client_message_id}': { body: { submitted_values: [{ name: 'size', value: 'Large' }] } },
    'POST /public/api/v1/inboxes/{inbox_identifier}/contacts/{contact_identifier}/conversations/{client_conversation_id}/messages': { body: { content: 'Hello' } },
    'POST /public/api/v1/inboxes/{inbox_identifier}/contacts/{contact_identifier}/conversations/{client_conversation_id}/toggle_typing': { body: { typing_status: 'on' } },
    'POST /public/api/v1/inboxes/{inbox_identifier}/contacts': { body: { name: 'Vi' } },
  },
} satisfies Feature;

import type { Feature } from '../feature.js';

export default {
  doors: [{
    under: '/api/v1/widget/', because: 'demands the inbox\'s and the visitor\'s tokens',
    headers: ({ visitor }) => ({ 'x-auth-token': visitor.token }), query: ({ inbox }) => ({ website_token: inbox.website_token! }),
  }],
  routes: {
    // A message must not be lost because what it quotes is not there any more.
    'POST /api/v1/widget/messages': { body: { message: { content: 'Hello' } }, dropsForeign: ['message.reply_to'] },
    'POST /api/v1/widget/conversations': { body: { message: { content: 'Hello' } }, dropsForeign: ['message.reply_to'] },
    // The account of the matrix has no mail inbox to send it from.
    'POST /api/v1/widget/conversations/transcript': { answers: 422 },
    'DELETE /api/v1/widget/labels/{label}': { answers: 404 },
    'PATCH /api/v1/widget/messages/{id}': { body: { message: { submitted_values: [] } }, params: ({ visitorsMessage }) => ({ id: visitorsMessage }), answers: 404 },
  },
} satisfies Feature;

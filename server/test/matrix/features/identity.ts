import { makeAgentIn } from '../../factories-inboxes.js';
import { signIn } from '../../factories.js';
import type { Feature } from '../feature.js';

export default {
  things: {
    agents: async ({ t, account, inbox }) => (await makeAgentIn(t, account, inbox)).id,
    sessions: async ({ t, account }) => (await signIn(t, account.admin)).sessionId,
  },
  names: { user_ids: 'agents', account_id: 'accounts' },
  doors: [
    { under: '/auth/', because: 'is signing in itself: passwords, one-time links' },
    { under: '/api/v1/installation', because: 'demands the one-time link' },
    { under: '/health', because: 'says nothing about people' },
    { under: '/ready', because: 'says nothing about people' },
    { under: '/metrics', because: 'has a guard of its own' },
    { under: '/api', because: 'says the version' },
  ],
  routes: {
    'POST /auth/sign_in': { body: { email: 'nobody@example.org', password: 'wrong' }, answers: 401 },
    'PUT /auth/password': { body: { reset_password_token: 'none', password: 'lantern over the harbour' }, answers: 422 },
    'GET /auth/invitation': { answers: 404 },
    'POST /auth/invitation': { body: { invitation_token: 'none', password: 'lantern over the harbour' }, answers: 422 },
    'POST /api/v1/installation': { answers: 422 },
    'PUT /api/v1/profile': { body: { name: 'Ana' } },
    'POST /api/v1/accounts/{account_id}/agents/bulk_create': { body: { emails: ['several@example.org'] } },
    'DELETE /api/v1/accounts/{account_id}/agents/{id}': { takesOthersAlong: true },
    'POST /api/v1/profile/proof': { body: { password: 'wrong' }, takesAnything: ['password'], answers: 422 },
    'DELETE /api/v1/profile/mfa': { body: { password: 'wrong', otp_code: '123456' }, answers: 422 },
    'POST /api/v1/profile/mfa': { answers: 422 },
    'POST /api/v1/profile/mfa/verify': { answers: 422 },
    'POST /api/v1/profile/mfa/backup_codes': { answers: 422 },
  },
} satisfies Feature;

import { call } from '../../http.js';
import type { Feature } from '../feature.js';
import type { Side } from '../side.js';

let next = 0;
const made = async (side: Side, thing: string, body: object): Promise<number> => (await call(side.t, side.platform, 'POST', `/platform/api/v1/${thing}`, body)).body.id;
const user = (side: Side): object => ({ name: side.mark, email: `${side.mark}-${next++}@apps.example` });

export default {
  things: {
    platform_accounts: (side) => made(side, 'accounts', { name: side.mark }),
    platform_users: (side) => made(side, 'users', user(side)),
    platform_bots: (side) => made(side, 'agent_bots', { name: side.mark, account_id: side.ids.get('platform_accounts') }),
    // They are also the last word of paths of the platform.
    agent_bots: async (side) => (await call(side.t, side.account.admin, 'POST', `${side.url}/agent_bots`, { name: side.mark })).body.id,
  },
  names: { agent_bot: 'agent_bots', user_id: 'platform_users', bot_id: null },
  routes: {
    'POST /platform/api/v1/users': { body: user },
    // An app reaches only the accounts that it made.
    'POST /platform/api/v1/agent_bots': { body: { name: 'Bot' }, neverTaken: ['account_id'] },
    'PATCH /platform/api/v1/users/{platform_user_id}': { body: { name: 'Ada' } },
    'PATCH /platform/api/v1/agent_bots/{platform_bot_id}': { body: { name: 'Bot' }, neverTaken: ['account_id'] },
    'POST /api/v1/accounts/{account_id}/agent_bots': { body: { name: 'Bot' } },
    'PATCH /api/v1/accounts/{account_id}/agent_bots/{id}': { body: { name: 'Bot' } },
    // It has no address, so there is nothing to sign.
    'POST /api/v1/accounts/{account_id}/agent_bots/{id}/reset_secret': { answers: 422 },
    'POST /platform/api/v1/accounts/{platform_account_id}/account_users': { body: ({ ids }) => ({ user_id: ids.get('platform_users'), role: 'agent' }) },
    'DELETE /platform/api/v1/accounts/{platform_account_id}/account_users': { body: ({ ids }) => ({ user_id: ids.get('platform_users') }) },
    'DELETE /platform/api/v1/accounts/{platform_account_id}': { takesOthersAlong: true },
    'DELETE /platform/api/v1/users/{platform_user_id}': { takesOthersAlong: true },
  },
} satisfies Feature;

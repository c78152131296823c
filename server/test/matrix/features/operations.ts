import { DeadLetters } from '../../../src/delivery/dead-letters.repository.js';
import type { Feature } from '../feature.js';

export default {
  things: {
    dead_letters: async ({ t, account, mark }) => {
      await t.app.get(DeadLetters).ofJob('keep-delivery-tables', { account_id: account.id }, `${mark} went wrong`, 8);
      return (await t.app.get(DeadLetters).unresolved({ accountId: account.id }, 1))[0]!.id;
    },
  },
  routes: {
    'POST /api/v1/accounts/{account_id}/dead_letters/{id}/retry': { usesUp: 'dead_letters' },
    'DELETE /api/v1/accounts/{account_id}/dead_letters/{id}': { usesUp: 'dead_letters' },
    'POST /api/v1/system/dead_letters/{id}/retry': { usesUp: 'dead_letters' },
    'DELETE /api/v1/system/dead_letters/{id}': { usesUp: 'dead_letters' },
  },
} satisfies Feature;

import { call } from '../../http.js';
import type { Feature } from '../feature.js';
import type { Side } from '../side.js';

let next = 0;
/** An address that is never told anything: its inbox has been made already. */
const quiet = (side: Side): object => ({ url: `https://hooks.example/${side.mark}-${next++}`, name: side.mark, inbox_id: side.inbox.id, subscriptions: ['inbox_created'] });

export default {
  things: {
    webhooks: async (side) => (await call(side.t, side.account.admin, 'POST', `${side.url}/webhooks`, quiet(side))).body.payload.webhook.id,
    deliveries: async (side) => {
      const { rows } = await side.t.database.asOwner((client) => client.query(
        `INSERT INTO webhook_deliveries (account_id, webhook_id, event_id, seq, created_at, due_at, state, delivery, event, body) VALUES ($1, $2, 1, 1, now(), now(), 1, 'x', 'inbox_created', $3) RETURNING id`,
        [side.account.id, side.ids.get('webhooks'), side.mark]));
      return Number(rows[0].id);
    },
  },
  routes: {
    'POST /api/v1/accounts/{account_id}/webhooks': { body: quiet },
    'PATCH /api/v1/accounts/{account_id}/webhooks/{webhook_id}': { body: { name: 'Ledger' } },
  },
} satisfies Feature;

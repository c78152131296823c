import { call, eventually } from '../../http.js';
import { makeConversation } from '../../factories-conversations.js';
import { makeAgentIn } from '../../factories-inboxes.js';
import type { Feature } from '../feature.js';
import type { Side } from '../side.js';

/** The administrator is given a conversation by a colleague, and so is told of it. */
async function notification({ t, account, url, inbox }: Side): Promise<number> {
  const colleague = await makeAgentIn(t, account, inbox);
  const conversation = await makeConversation(t, account, inbox);
  // Where a bot answers it waits for people, and nobody is told of it before.
  await call(t, account.admin, 'POST', `${conversation.url}/toggle_status`, { status: 'open' });
  await call(t, account.admin, 'POST', `${conversation.url}/assignments`, { assignee_id: null });
  await call(t, colleague, 'POST', `${conversation.url}/assignments`, { assignee_id: account.admin.id });
  return eventually('a notification', async () => {
    const { body } = await call(t, account.admin, 'GET', `${url}/notifications?includes[]=read&includes[]=snoozed`);
    return (body.data.payload as { id: number; notification_type: string; primary_actor: { id: number } }[]).find((one) => one.primary_actor.id === conversation.id && one.notification_type === 'conversation_assignment')?.id;
  });
}
const phone = { subscription_type: 'fcm', subscription_attributes: { device_id: 'matrix', push_token: 'matrix' } };

let phones = 0;
/** A phone that the administrator wants to be told on. */
const device = async ({ t, account }: Side): Promise<number> => {
  const named = `matrix-${phones += 1}`;
  return (await call(t, account.admin, 'POST', '/api/v1/notification_subscriptions', { subscription_type: 'fcm', subscription_attributes: { device_id: named, push_token: named } })).body.id;
};

export default {
  things: { notifications: notification, notification_subscriptions: device },
  // Whatever it names, only one's own notifications are touched.
  names: { primary_actor_id: null },
  doors: [{ under: '/notification-mails/', because: 'demands an address that only we can sign' }],
  routes: {
    'DELETE /api/v1/accounts/{account_id}/notifications/{id}': { usesUp: 'notifications' },
    'POST /api/v1/accounts/{account_id}/notifications/destroy_all': { takesOthersAlong: true },
    'DELETE /api/v1/notification_subscriptions/{id}': { usesUp: 'notification_subscriptions' },
    'GET /notification-mails/{token}': { params: () => ({ token: 'none' }), answers: 404 },
    'POST /notification-mails/{token}': { params: () => ({ token: 'none' }), answers: 404 },
    'POST /api/v1/notification_subscriptions': { body: phone, takesAnything: ['subscription_attributes'] },
    'DELETE /api/v1/notification_subscriptions': { body: { push_token: 'nobody has it' } },
  },
} satisfies Feature;

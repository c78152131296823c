import { z } from 'zod';
import { flatOrWrapped, formInt, formList, line, text } from '../../platform/http/schema-fields.js';

/** What a webhook can be told, by Chatwoot's names. */
export const WEBHOOK_EVENTS = [
  'conversation_created', 'conversation_updated', 'conversation_status_changed', 'message_created', 'message_updated', 'contact_created', 'contact_updated', 'inbox_created', 'inbox_updated',
  'webwidget_triggered', 'conversation_typing_on', 'conversation_typing_off',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** Those that are true for a moment only: told once, and not kept. */
export type PassingEvent = Extract<WebhookEvent, 'webwidget_triggered' | 'conversation_typing_on' | 'conversation_typing_off'>;
/** What a webhook is told that names nothing itself. */
export const DEFAULT_SUBSCRIPTIONS: WebhookEvent[] = WEBHOOK_EVENTS.filter((name) => !/^inbox_|_typing_/.test(name));

const subscriptions = formList(z.enum(WEBHOOK_EVENTS), 50).refine((list) => list.length > 0, 'cannot be empty').transform((list) => [...new Set(list)]);
const name = text(255).trim().nullish();
/** Where it may lead is decided by the address guard, which knows this installation's exceptions. */
const url = line(2_048);

export const CreateWebhook = flatOrWrapped('webhook', z.object({ url, name, subscriptions: subscriptions.optional(), inbox_id: formInt.nullish() }));
export type CreateWebhook = z.infer<typeof CreateWebhook>;
export const UpdateWebhook = flatOrWrapped('webhook', z.object({ url: url.optional(), name, subscriptions: subscriptions.optional() }));
export type UpdateWebhook = z.infer<typeof UpdateWebhook>;

export const WebhookSchema = z.object({
  id: z.int(), name: z.string().nullable(), url: z.string(), account_id: z.int(), subscriptions: z.array(z.string()), secret: z.string(), inbox: z.object({ id: z.int(), name: z.string() }).optional(),
  disabled_at: z.int().nullable(), failing_since: z.int().nullable(), last_success_at: z.int().nullable(), last_error: z.string().nullable(), next_try_at: z.int().nullable(), waiting_count: z.int(),
}).meta({ id: 'Webhook' });
export type WireWebhook = z.infer<typeof WebhookSchema>;
export const WebhookList = z.object({ payload: z.object({ webhooks: z.array(WebhookSchema) }) });
export const OneWebhook = z.object({ payload: z.object({ webhook: WebhookSchema }) });

export const DeliveriesQuery = z.object({ page: formInt.pipe(z.int().min(1).max(10_000)).default(1), state: z.enum(['waiting', 'delivered', 'given_up']).optional() });
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;
const delivery = {
  id: z.int(), delivery: z.string(), event: z.string(), state: z.enum(['waiting', 'delivered', 'given_up']), attempts: z.int(), created_at: z.int(), finished_at: z.int().nullable(),
  next_try_at: z.int().nullable(), last_status: z.int().nullable(), last_error: z.string().nullable(), duration_ms: z.int().nullable(),
};
export const DeliveryList = z.object({ payload: z.array(z.object(delivery).meta({ id: 'WebhookDelivery' })), meta: z.object({ current_page: z.int(), has_more: z.boolean() }) });
export type DeliveryList = z.infer<typeof DeliveryList>;
export const OneDelivery = z.object({
  payload: z.object({
    ...delivery, body: z.string(),
    tries: z.array(z.object({ number: z.int(), at: z.number(), status: z.int().nullable(), duration_ms: z.int(), answer: z.string().nullable(), error: z.string().nullable() })),
  }),
});
export type OneDelivery = z.infer<typeof OneDelivery>;

export const ReplayedDeliveries = z.object({ payload: z.object({ replayed: z.int() }) });
export type ReplayedDeliveries = z.infer<typeof ReplayedDeliveries>;

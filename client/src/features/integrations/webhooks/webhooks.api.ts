import type { components } from '../../../api/generated';
import { accountPath, http } from '../../../api/http';
import type { Id } from '../../../api/types';

type Schemas = components['schemas'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['WebhookDelivery'];
export interface Try { number: number; at: number; status: number | null; duration_ms: number; answer: string | null; error: string | null }
export type DeliveryDetail = Delivery & { body: string; tries: Try[] };
export interface WebhookDraft { name: string | null; url: string; subscriptions: string[]; inbox_id?: Id | null }

/** What a webhook can be told, as the wire names it. */
export const WEBHOOK_EVENTS = [
  'conversation_created', 'conversation_status_changed', 'conversation_updated', 'message_created', 'message_updated', 'contact_created', 'contact_updated', 'inbox_created', 'inbox_updated',
  'webwidget_triggered', 'conversation_typing_on', 'conversation_typing_off',
] as const;

interface One { payload: { webhook: Webhook } }
const unwrap = (answer: One): Webhook => answer.payload.webhook;
const path = (accountId: Id, id?: Id, rest = '') => accountPath(accountId, `webhooks${id === undefined ? '' : `/${id}`}${rest}`);

export const fetchWebhooks = (accountId: Id) => http.get<{ payload: { webhooks: Webhook[] } }>(path(accountId)).then((answer) => answer.payload.webhooks);
export const saveWebhook = (accountId: Id, id: Id | undefined, webhook: WebhookDraft) => (id === undefined ? http.post<One>(path(accountId), webhook) : http.patch<One>(path(accountId, id), webhook)).then(unwrap);
export const deleteWebhook = (accountId: Id, id: Id) => http.delete(path(accountId, id));
/** Lets a webhook that was switched off be told again. */
export const enableWebhook = (accountId: Id, id: Id) => http.post<One>(path(accountId, id, '/enable')).then(unwrap);
/** For which a fresh proof is asked. */
export const fetchWebhookSecret = (accountId: Id, id: Id) => http.get<One>(path(accountId, id, '/secrets')).then((answer) => unwrap(answer).secret);
export const resetWebhookSecret = (accountId: Id, id: Id) => http.post<One>(path(accountId, id, '/reset_secret')).then(unwrap);

export const fetchDeliveries = (accountId: Id, id: Id, query: { page: number; state?: Delivery['state'] }) =>
  http.get<{ payload: Delivery[]; meta: { has_more: boolean } }>(path(accountId, id, '/deliveries'), { query });
export const fetchDelivery = (accountId: Id, id: Id, delivery: Id) => http.get<{ payload: DeliveryDetail }>(path(accountId, id, `/deliveries/${delivery}`)).then((answer) => answer.payload);
export const replayDelivery = (accountId: Id, id: Id, delivery: Id) => http.post(path(accountId, id, `/deliveries/${delivery}/replay`));
/** Answers how many are told once more. */
export const replayGivenUp = (accountId: Id, id: Id) => http.post<{ payload: { replayed: number } }>(path(accountId, id, '/deliveries/replay')).then((answer) => answer.payload.replayed);

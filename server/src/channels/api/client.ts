import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { FoundInbox } from '../../inboxes/inbox-lookup.service.js';
import type { AccountId } from '../../platform/database/account-id.js';

/** Somebody on a customer's own page or app, named by the path: their inbox, and once they are known, their identity on it. */
export interface Client { accountId: AccountId; inbox: FoundInbox['inbox']; contact?: ClientContact }
/** An identity with what its owner may know of the contact. */
export interface ClientContact {
  id: number; contact_id: number; source_id: string; pubsub_token: string; hmac_verified: boolean; speaks_for_contact: boolean;
  name: string; email: string | null; phone_number: string | null; identifier: string | null; blocked: boolean; last_activity_at: Date | null; created_at: Date; updated_at: Date;
  additional_attributes: Record<string, unknown> | null; custom_attributes: Record<string, unknown> | null;
}

const clients = new WeakMap<object, Client>();
export const rememberClient = (request: FastifyRequest, client: Client): void => { clients.set(request.raw, client); };

/** Who a request comes from that the client guard has let in. */
export const clientOf = (request: FastifyRequest): Client => {
  const client = clients.get(request.raw);
  if (!client) throw new Error('The route asks for a client but is not behind the client guard.');
  return client;
};
/** The inbox of the path, and the identity if the path names one. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): Client => clientOf(context.switchToHttp().getRequest<FastifyRequest>()));
/** The identity of the path. */
export const CurrentContact = createParamDecorator((_: unknown, context: ExecutionContext): Client & { contact: ClientContact } => {
  const client = clientOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!client.contact) throw new Error('The route asks for a contact but its path names none.');
  return { ...client, contact: client.contact };
});

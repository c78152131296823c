import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InboxLookup } from '../../inboxes/inbox-lookup.service.js';
import { notFound } from '../../platform/http/problem.js';
import { rememberAccount, rememberAsker, rememberStranger } from '../../platform/http/request-account.js';
import { rememberClient } from './client.js';
import { ClientContacts } from './client-contacts.service.js';

/** Finds the inbox, and the contact, that the path names. */
@Injectable()
export class ClientGuard implements CanActivate {
  constructor(private readonly inboxes: InboxLookup, private readonly contacts: ClientContacts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { inbox_identifier: identifier, contact_identifier: sourceId } = request.params as { inbox_identifier: string; contact_identifier?: string };
    const found = await this.inboxes.byPublicToken(identifier, 'api');
    if (!found) throw notFound();
    const contact = sourceId === undefined ? undefined : await this.contacts.find(found.accountId, found.inbox.id, sourceId);
    if (sourceId !== undefined && !contact) throw notFound();
    rememberAccount(request, found.accountId);
    rememberStranger(request);
    rememberAsker(request, `client ${found.inbox.id}/${sourceId ?? ''}`);
    rememberClient(request, { accountId: found.accountId, inbox: found.inbox, contact });
    return true;
  }
}

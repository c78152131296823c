import { Body, Get, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AcceptsImage } from '../../platform/http/accepts-files.js';
import { answers } from '../../platform/http/answers.js';
import { ClientContacts } from './client-contacts.service.js';
import { ClientLimits } from './client-limits.service.js';
import { ClientRoutes } from './client-routes.js';
import { CurrentClient, CurrentContact, type Client, type ClientContact } from './client.js';
import { ClientContactRecord, ClientContactSchema, ClientInbox, GivenContact, Proof } from './client.dto.js';
import { presentClientContact, presentClientInbox, presentContactRecord } from './client.presenter.js';

/** The inbox an app writes to, and who writes. */
@ClientRoutes()
export class ClientContactsController {
  constructor(private readonly contacts: ClientContacts, private readonly limits: ClientLimits) {}

  @Get()
  @answers(ClientInbox)
  inbox(@CurrentClient() client: Client): z.infer<typeof ClientInbox> {
    return presentClientInbox(client);
  }

  @Post('contacts')
  @AcceptsImage()
  @answers(ClientContactSchema)
  async create(@CurrentClient() client: Client, @Req() request: FastifyRequest, @Body({ schema: GivenContact }) body: GivenContact): Promise<z.infer<typeof ClientContactSchema>> {
    await this.limits.contact(request, client);
    return presentClientContact(await this.contacts.create(client, body));
  }

  @Get('contacts/:contact_identifier')
  @answers(ClientContactSchema)
  show(@CurrentContact() client: Client & { contact: ClientContact }, @Query({ schema: Proof }) proof: Proof): z.infer<typeof ClientContactSchema> {
    this.contacts.demandProven(client, proof);
    return presentClientContact(client.contact);
  }

  @Patch('contacts/:contact_identifier')
  @AcceptsImage()
  @answers(ClientContactRecord)
  async update(@CurrentContact() client: Client & { contact: ClientContact }, @Body({ schema: GivenContact }) body: GivenContact): Promise<z.infer<typeof ClientContactRecord>> {
    return presentContactRecord(client.accountId, await this.contacts.write(client, client.contact.source_id, body));
  }
}

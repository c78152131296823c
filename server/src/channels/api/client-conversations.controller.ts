import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { VisitorThreadPort, type VisitorConversation } from '../contract/ports.js';
import { ClientRoutes } from './client-routes.js';
import { ClientLimits } from './client-limits.service.js';
import { CurrentContact, type Client, type ClientContact } from './client.js';
import { ClientConversation, StartConversation, Typing, TypingQuery, type ClientMessage } from './client.dto.js';
import { presentClientConversation } from './client.presenter.js';

type Known = Client & { contact: ClientContact };
const byNumber = { schema: pathId };

/** The conversations of somebody who writes through an app. */
@ClientRoutes('contacts/:contact_identifier/conversations')
export class ClientConversationsController {
  constructor(private readonly threads: VisitorThreadPort, private readonly limits: ClientLimits) {}

  @Get()
  @answers(ClientConversation, { isArray: true })
  async list(@CurrentContact() client: Known): Promise<ClientConversation[]> {
    const all = await this.threads.all(client.accountId, client.contact.id);
    return Promise.all(all.map((conversation) => this.show(client, conversation)));
  }

  @Post()
  @answers(ClientConversation)
  async create(@CurrentContact() client: Known, @Req() request: FastifyRequest, @Body({ schema: StartConversation }) body: z.infer<typeof StartConversation>): Promise<ClientConversation> {
    await this.limits.conversation(request, client);
    return this.show(client, await this.threads.open(client.accountId, client.inbox.id, client.contact.id, { custom: body.custom_attributes }));
  }

  @Get(':client_conversation_id')
  @answers(ClientConversation)
  async one(@CurrentContact() client: Known, @Param('client_conversation_id', byNumber) id: number): Promise<ClientConversation> {
    return this.show(client, await this.demand(client, id));
  }

  /** The contact can only end it. */
  @Post(':client_conversation_id/toggle_status')
  @answers(ClientConversation)
  async resolve(@CurrentContact() client: Known, @Param('client_conversation_id', byNumber) id: number): Promise<ClientConversation> {
    await this.threads.resolve(client.accountId, (await this.demand(client, id)).id);
    return this.show(client, await this.demand(client, id));
  }

  @Post(':client_conversation_id/toggle_typing')
  @answersEmpty()
  async typing(
    @CurrentContact() client: Known, @Param('client_conversation_id', byNumber) id: number, @Query({ schema: TypingQuery }) query: z.infer<typeof TypingQuery>,
    @Body({ schema: Typing.partial() }) body: Partial<z.infer<typeof Typing>>,
  ): Promise<void> {
    const status = body.typing_status ?? query.typing_status;
    const { id: conversation } = await this.demand(client, id);
    if (status === undefined) throw invalid('typing_status', 'is missing');
    await this.threads.typing(client.accountId, conversation, status === 'on');
  }

  @Post(':client_conversation_id/update_last_seen')
  @answersEmpty()
  async seen(@CurrentContact() client: Known, @Param('client_conversation_id', byNumber) id: number): Promise<void> {
    await this.threads.markSeen(client.accountId, (await this.demand(client, id)).id);
  }

  private async demand(client: Known, displayId: number): Promise<VisitorConversation> {
    const found = await this.threads.byNumber(client.accountId, client.contact.id, displayId);
    if (!found) throw notFound();
    return found;
  }

  private async show(client: Known, conversation: VisitorConversation): Promise<ClientConversation> {
    return presentClientConversation(client, conversation, await this.threads.messages(client.accountId, conversation.id, {}) as ClientMessage[]);
  }
}

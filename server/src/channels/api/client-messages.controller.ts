import { Body, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AcceptsFiles } from '../../platform/http/accepts-files.js';
import { answers } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { formInt, isVisible, pathId } from '../../platform/http/schema-fields.js';
import { AnswersPort, ContactWritesPort, VisitorThreadPort } from '../contract/ports.js';
import { ClientRoutes } from './client-routes.js';
import { ClientWritesGuard } from './client-writes.guard.js';
import { CurrentContact, type Client, type ClientContact } from './client.js';
import { AnswerQuestion, ClientMessage, WriteMessage } from './client.dto.js';

type Known = Client & { contact: ClientContact };
const Page = z.object({ before: formInt.pipe(z.int().min(1)).optional(), after: formInt.pipe(z.int().min(0)).optional() });

/** What is written in a conversation through an app. */
@ClientRoutes('contacts/:contact_identifier/conversations/:client_conversation_id/messages')
export class ClientMessagesController {
  constructor(private readonly threads: VisitorThreadPort, private readonly writes: ContactWritesPort, private readonly questions: AnswersPort) {}

  @Get()
  @answers(ClientMessage, { isArray: true })
  async list(@CurrentContact() client: Known, @Param('client_conversation_id', { schema: pathId }) number: number, @Query({ schema: Page }) page: z.infer<typeof Page>): Promise<ClientMessage[]> {
    return await this.threads.messages(client.accountId, await this.demand(client, number), page) as ClientMessage[];
  }

  @Post()
  @UseGuards(ClientWritesGuard)
  @AcceptsFiles()
  @answers(ClientMessage)
  async write(
    @CurrentContact() client: Known, @Param('client_conversation_id', { schema: pathId }) number: number, @Body({ schema: WriteMessage }) body: WriteMessage,
  ): Promise<ClientMessage> {
    const { source_id: sourceId } = client.contact;
    const conversationId = await this.demand(client, number);
    const files = body.attachments ?? [];
    if (!isVisible(body.content) && files.length === 0) throw invalid('content', "Content can't be blank");
    const { message } = await this.writes.write({ accountId: client.accountId, id: client.inbox.id }, {
      kind: 'message_received', externalId: body.echo_id ? `${sourceId}:${body.echo_id}` : randomUUID(), sender: { sourceId }, content: body.content || null, attachments: files,
      echoId: body.echo_id ?? undefined, conversationId,
    });
    return message as ClientMessage;
  }

  /** Answers a question that the message asks. */
  @Patch(':client_message_id')
  @UseGuards(ClientWritesGuard)
  @answers(ClientMessage)
  async answer(
    @CurrentContact() client: Known, @Param('client_conversation_id', { schema: pathId }) number: number, @Param('client_message_id', { schema: pathId }) id: number,
    @Body({ schema: AnswerQuestion }) body: z.infer<typeof AnswerQuestion>,
  ): Promise<ClientMessage> {
    const answered = await this.questions.submit(client.accountId, await this.demand(client, number), id, body);
    if (!answered) throw notFound();
    return answered as ClientMessage;
  }

  private async demand(client: Known, displayId: number): Promise<number> {
    const found = await this.threads.byNumber(client.accountId, client.contact.id, displayId);
    if (!found) throw notFound();
    return found.id;
  }
}

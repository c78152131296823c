import { Body, Get, Param, Patch, Post, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AcceptsFiles } from '../../platform/http/accepts-files.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { AnswersPort, VisitorThreadPort } from '../contract/ports.js';
import { IdentifyVisitor } from './identify-visitor.service.js';
import { VisitorWritesGuard } from './visitor-writes.guard.js';
import { VisitorRoutes } from './visitor-routes.js';
import { CurrentVisitor, type Visitor } from './visitor.js';
import { VisitorThread } from './visitor-thread.service.js';
import { WidgetLimits } from './widget-limits.service.js';
import { AnswerMessage, PostMessage, ThreadQuery, VisitorMessage, VisitorThread as Thread } from './widget-thread.dto.js';

/** The visitor's messages. */
@VisitorRoutes('messages')
export class WidgetMessagesController {
  constructor(
    private readonly thread: VisitorThread, private readonly threads: VisitorThreadPort, private readonly answersToQuestions: AnswersPort,
    private readonly identify: IdentifyVisitor, private readonly limits: WidgetLimits,
  ) {}

  @Get()
  @answers(Thread)
  async list(@CurrentVisitor() visitor: Visitor, @Query({ schema: ThreadQuery }) query: z.infer<typeof ThreadQuery>): Promise<z.infer<typeof Thread>> {
    const own = await this.thread.find(visitor);
    if (!own) return { payload: [], meta: { contact_last_seen_at: 0, agent_last_seen_at: 0 } };
    const { conversation } = own;
    return {
      payload: await this.threads.messages(visitor.accountId, conversation.id, { before: query.before, after: query.after }) as z.infer<typeof VisitorMessage>[],
      meta: { contact_last_seen_at: conversation.contactLastSeenAt, agent_last_seen_at: conversation.agentLastSeenAt },
    };
  }

  @Post()
  @UseGuards(VisitorWritesGuard)
  @AcceptsFiles()
  @answers(VisitorMessage)
  async create(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Body({ schema: PostMessage }) body: PostMessage): Promise<z.infer<typeof VisitorMessage>> {
    return (await this.thread.write(visitor, request, body.message, body.custom_attributes)).message as z.infer<typeof VisitorMessage>;
  }

  @Patch(':id')
  @answers(VisitorMessage)
  async answer(
    @CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Param('id', { schema: pathId }) id: number, @Body({ schema: AnswerMessage }) body: AnswerMessage,
  ): Promise<z.infer<typeof VisitorMessage>> {
    await this.limits.message(request, visitor);
    const { conversation } = await this.thread.demand(visitor);
    const { accountId } = visitor;
    if (!await this.threads.message(accountId, conversation.id, id)) throw notFound();
    const email = body.contact?.email ?? body.message?.submitted_email;
    if (email !== undefined) await this.limits.contactChange(request);
    const message = await this.answersToQuestions.submit(accountId, conversation.id, id, { submitted_values: body.message?.submitted_values, submitted_email: email });
    if (!message) throw notFound();
    if (email !== undefined) await this.identify.write(visitor, { email });
    return message as z.infer<typeof VisitorMessage>;
  }
}

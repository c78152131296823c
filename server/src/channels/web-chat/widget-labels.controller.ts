import { Body, Delete, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { VisitorThreadPort } from '../contract/ports.js';
import { VisitorRoutes } from './visitor-routes.js';
import { VisitorThread } from './visitor-thread.service.js';
import { CurrentVisitor, type Visitor } from './visitor.js';
import { LabelTitle, pathTitle } from './widget-thread.dto.js';

/** Labels that the site around the chat puts on the visitor's conversation. */
@VisitorRoutes('labels')
export class WidgetLabelsController {
  constructor(private readonly thread: VisitorThread, private readonly threads: VisitorThreadPort) {}

  /** Changes nothing before there is a conversation, or when the account has no such label: visitors do not make labels. */
  @Post()
  @answersEmpty()
  async add(@CurrentVisitor() visitor: Visitor, @Body({ schema: LabelTitle }) { label }: z.infer<typeof LabelTitle>): Promise<void> {
    const own = await this.thread.find(visitor);
    if (own) await this.threads.label(visitor.accountId, own.conversation.id, label, true);
  }

  @Delete(':label')
  @answersEmpty()
  async remove(@CurrentVisitor() visitor: Visitor, @Param('label', { schema: pathTitle }) label: string): Promise<void> {
    const { conversation } = await this.thread.demand(visitor);
    if (!await this.threads.label(visitor.accountId, conversation.id, label, false)) throw notFound();
  }
}

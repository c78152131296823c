import { Body, Delete, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { answersEmpty } from '../../platform/http/answers.js';
import { text } from '../../platform/http/schema-fields.js';
import { VisitorThreadPort } from '../contract/ports.js';
import { VisitorRoutes } from './visitor-routes.js';
import { VisitorThread } from './visitor-thread.service.js';
import { CurrentVisitor, type Visitor } from './visitor.js';
import { LabelTitle } from './widget-thread.dto.js';

/** Labels that the site around the chat puts on the visitor's conversation; without one, and for unknown labels, nothing happens. */
@VisitorRoutes('labels')
export class WidgetLabelsController {
  constructor(private readonly thread: VisitorThread, private readonly threads: VisitorThreadPort) {}

  @Post()
  @answersEmpty()
  async add(@CurrentVisitor() visitor: Visitor, @Body({ schema: LabelTitle }) { label }: z.infer<typeof LabelTitle>): Promise<void> {
    await this.label(visitor, label, true);
  }

  @Delete(':label')
  @answersEmpty()
  async remove(@CurrentVisitor() visitor: Visitor, @Param('label', { schema: text(255) }) label: string): Promise<void> {
    await this.label(visitor, label, false);
  }

  private async label(visitor: Visitor, title: string, on: boolean): Promise<void> {
    const own = await this.thread.find(visitor);
    if (own) await this.threads.label(visitor.accountId, own.conversation.id, title, on);
  }
}

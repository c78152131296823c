import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { refuseFiles } from '../../platform/http/files-refusal.js';
import { filesNotTaken, VisitorThread } from './visitor-thread.service.js';
import { visitorOf } from './visitor.js';
import { WidgetLimits } from './widget-limits.service.js';

/** Counts what a visitor is about to write before its body is read. The first message makes the conversation, so it is held to what making one is. */
@Injectable()
export class VisitorWritesGuard implements CanActivate {
  constructor(protected readonly limits: WidgetLimits, protected readonly thread: VisitorThread) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const visitor = visitorOf(request);
    await this.limits.message(request, visitor);
    if (this.alwaysStarts || !await this.thread.hasBegun(visitor)) await this.limits.conversation(request, visitor);
    if (!visitor.config.selected_feature_flags.includes('attachments')) refuseFiles(request, filesNotTaken());
    return true;
  }

  protected get alwaysStarts(): boolean {
    return false;
  }
}

/** The same where every request makes a conversation. */
@Injectable()
export class VisitorStartsGuard extends VisitorWritesGuard {
  protected override get alwaysStarts(): boolean {
    return true;
  }
}

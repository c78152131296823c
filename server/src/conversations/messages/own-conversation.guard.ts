import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessOf } from '../../identity/access/access.decorators.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/http/problem.js';
import { ConversationReader } from '../queries/conversation-reader.js';

/** Lets files only into a conversation that the member sees, before a byte of them is read. What has no files is looked at once, where it is written. */
@Injectable()
export class OwnConversationGuard implements CanActivate {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly reader: ConversationReader) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { member } = accessOf(request);
    if (!request.isMultipart() || !member) return true;
    const { conversation_id: number = '' } = request.params as Record<string, string | undefined>;
    if (!/^\d{1,9}$/.test(number) || !await this.unitOfWork.run(member.accountId, (tx) => this.reader.find(tx, member, Number(number)))) throw notFound();
    return true;
  }
}

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../../platform/http/problem.js';
import { VisitorThreadPort } from '../contract/ports.js';
import { clientOf } from './client.js';
import { ClientLimits } from './client-limits.service.js';

/** Counts what somebody is about to write before its body is read, and lets files only into a conversation of theirs. */
@Injectable()
export class ClientWritesGuard implements CanActivate {
  constructor(private readonly limits: ClientLimits, private readonly threads: VisitorThreadPort) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const client = clientOf(request);
    await this.limits.message(request, client);
    if (!request.isMultipart()) return true;
    const { client_conversation_id: number = '' } = request.params as Record<string, string | undefined>;
    if (!/^\d{1,9}$/.test(number) || !await this.threads.byNumber(client.accountId, client.contact!.id, Number(number))) throw notFound();
    return true;
  }
}

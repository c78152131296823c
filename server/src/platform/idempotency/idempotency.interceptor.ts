import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstValueFrom, from, type Observable } from 'rxjs';
import { Clock } from '../clock/clock.js';
import type { Statements } from '../database/transaction.js';
import { SystemWork, UnitOfWork } from '../database/unit-of-work.js';
import { Problem, unprocessable } from '../http/problem.js';
import { accountOfRequest, askerOfRequest } from '../http/request-account.js';
import { IdempotencyKeys, type RequestName } from './idempotency-keys.repository.js';
import { requestFingerprint } from './request-fingerprint.js';

const KEPT_MS = 24 * 3_600_000;
/** How long a repetition waits for the request it repeats. */
const WAIT = '8s';
const MAX_KEY = 255;

/**
 * `Idempotency-Key` on a POST: its work is done once, and whoever repeats it within a day gets the same answer. Key, answer and work commit
 * together, so a crash leaves all or nothing; a refused request keeps nothing and may be tried again with the same key.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeys, private readonly unitOfWork: UnitOfWork, private readonly system: SystemWork, private readonly clock: Clock) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    const asker = askerOfRequest(request);
    if (request.method !== 'POST' || typeof key !== 'string' || asker === undefined) return next.handle();
    if (key.trim() === '' || key.length > MAX_KEY) throw unprocessable(`An Idempotency-Key has 1 to ${MAX_KEY} characters.`);
    return from(this.once(request, context.switchToHttp().getResponse<FastifyReply>(), { accountId: accountOfRequest(request) ?? 0, asker, key }, next));
  }

  private once(request: FastifyRequest, reply: FastifyReply, name: RequestName, next: CallHandler): Promise<unknown> {
    const account = accountOfRequest(request);
    const fingerprint = requestFingerprint(request.method, request.url, request.body);
    const work = async (tx: Statements): Promise<unknown> => {
      if (!await this.claim(tx, name, fingerprint)) return this.repeat(tx, name, fingerprint, reply);
      // The handler's own transactions join this one.
      const body: unknown = await firstValueFrom(next.handle(), { defaultValue: undefined });
      await this.keys.keep(tx, name, { status: reply.statusCode, body });
      return body;
    };
    return account === undefined ? this.system.runShared(work) : this.unitOfWork.runShared(account, work);
  }

  private async claim(tx: Statements, name: RequestName, fingerprint: Buffer): Promise<boolean> {
    await tx.sql(`SET LOCAL lock_timeout = '${WAIT}'`);
    try {
      const isFirst = await this.keys.claim(tx, name, fingerprint, this.clock.date(), new Date(this.clock.now() + KEPT_MS));
      await tx.sql('SET LOCAL lock_timeout = 0');
      return isFirst;
    } catch (error) {
      if ((error as { code?: string }).code === '55P03') throw new Problem('conflict', 'A request with this Idempotency-Key is still at work.', { retryAfter: 5 });
      throw error;
    }
  }

  private async repeat(tx: Statements, name: RequestName, fingerprint: Buffer, reply: FastifyReply): Promise<unknown> {
    const kept = await this.keys.find(tx, name);
    if (!kept) throw new Problem('conflict', 'A request with this Idempotency-Key is still at work.', { retryAfter: 5 });
    if (!kept.fingerprint.equals(fingerprint)) throw unprocessable('This Idempotency-Key was used for another request.');
    void reply.status(kept.status).header('Idempotent-Replayed', 'true');
    return kept.body;
  }
}

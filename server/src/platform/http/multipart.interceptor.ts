import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { catchError, finalize, from, mergeMap, switchMap, type Observable } from 'rxjs';
import type { AccountId } from '../database/account-id.js';
import { Log } from '../logging/log.js';
import { MAX_AVATAR_BYTES, ReceivedImage } from '../storage/avatars.js';
import { DiskRoom } from '../storage/disk-room.js';
import { safeFileName } from '../storage/file-name.js';
import { MAX_FILE_BYTES, type StagedFile } from '../storage/staged-file.js';
import type { UploadBudget } from '../storage/upload-budget.js';
import { UploadBudgets } from '../storage/upload-budgets.js';
import { Uploads } from '../storage/uploads.js';
import { ACCEPTS_FILES, type AcceptedFiles } from './accepts-files.js';
import { readMultipart, type FileTaker } from './multipart.js';
import { isLoopback, networkOf } from './network-of.js';
import { Problem, unprocessable } from './problem.js';
import { filesRefusal } from './files-refusal.js';
import { accountOfRequest, askerOfRequest, isStranger } from './request-account.js';
import { turnAway } from './turn-away.js';

/** Room for fields and the form's own lines beside its files. A form that is no longer may be text alone. */
const OVERHEAD = 2 * 1024 * 1024;

/**
 * Reads multipart bodies after the guards have let the request in: bytes of people without a right to the route are never stored. Nor are those for which
 * there is no budget or no room; a form without files is read all the same.
 */
@Injectable()
export class MultipartInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector, private readonly uploads: Uploads, private readonly budgets: UploadBudgets, private readonly room: DiskRoom, private readonly log: Log,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (context.getType() !== 'http' || !request.isMultipart()) return next.handle();
    const accepted = this.reflector.getAllAndOverride<AcceptedFiles | undefined>(ACCEPTS_FILES, [context.getHandler()]);
    const files: StagedFile[] = [];
    const account = accountOfRequest(request);
    const budget = this.budgetOf(request, account);
    return from(this.read(request, accepted, account, files, budget)).pipe(
      switchMap(() => next.handle()),
      mergeMap(async (answer: unknown) => {
        await this.orSay('what was sent may be counted less', budget.keep());
        return answer;
      }),
      // Before the answer: who is told that there was no room may try again at once with less.
      catchError(async (error: unknown) => {
        await this.discard(account, files.splice(0));
        await this.orSay('what was refused stays counted for a while', budget.giveBack());
        throw error;
      }),
      // Claimed files have left `uploads` by now; what is still there belongs to nobody: a repeated message.
      finalize(() => void this.discard(account, files)),
    );
  }

  private budgetOf(request: FastifyRequest, account: AccountId | undefined): UploadBudget {
    const length = request.headers['content-length'];
    return this.budgets.of({
      account, asker: askerOfRequest(request), stranger: isStranger(request), network: isLoopback(request.ip) ? undefined : networkOf(request.ip), language: request.headers['accept-language'],
    }, length === undefined ? undefined : Number(length));
  }

  private async discard(account: AccountId | undefined, files: readonly StagedFile[]): Promise<void> {
    if (account === undefined || files.length === 0) return;
    await this.uploads.discard(account, files).catch((error: unknown) => this.log.warn('files were left to the sweeper', { error, account_id: account }));
  }

  private async orSay(what: string, work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => this.log.warn(what, { error }));
  }

  private async read(request: FastifyRequest, accepted: AcceptedFiles | undefined, account: AccountId | undefined, files: StagedFile[], budget: UploadBudget): Promise<void> {
    try {
      await this.refuseHopeless(request, accepted, budget);
      request.body = await readMultipart(request, this.taker(request, accepted, account, files, budget));
    } catch (error) {
      turnAway(request);
      throw error;
    }
  }

  /** What cannot be accepted by its length alone is refused before a byte of it is read. */
  private async refuseHopeless(request: FastifyRequest, accepted: AcceptedFiles | undefined, budget: UploadBudget): Promise<void> {
    const most = !accepted ? 0 : accepted.to === 'memory' ? MAX_AVATAR_BYTES : accepted.max * MAX_FILE_BYTES;
    const certain = Number(request.headers['content-length'] ?? 0) - OVERHEAD;
    if (certain > most) throw new Problem('too_large', 'This is larger than what can be accepted.');
    if (certain <= 0) return;
    const refusal = filesRefusal(request);
    if (refusal) throw refusal;
    await this.room.demand(request.headers['accept-language']);
    await budget.demandRoomFor(certain);
  }

  private taker(request: FastifyRequest, accepted: AcceptedFiles | undefined, account: AccountId | undefined, files: StagedFile[], budget: UploadBudget): FileTaker {
    if (!accepted) return async () => { throw unprocessable('This takes no files.'); };
    if (accepted.to === 'staging' && account === undefined) throw new Error('A route with @AcceptsFiles() must work on an account.');
    const refusal = filesRefusal(request);
    return async (part) => {
      if (refusal) throw refusal;
      await this.room.demand(request.headers['accept-language']);
      await budget.file();
      const source = budget.pass(part.file as AsyncIterable<Buffer>);
      if (accepted.to === 'memory') return inMemory(part, source);
      if (files.length >= accepted.max) throw new Problem('invalid', `attachments: at most ${accepted.max} files`, { attributes: ['attachments'] });
      const file = await this.uploads.stage(account!, { fileName: part.filename, declaredType: part.mimetype, source });
      files.push(file);
      return file;
    };
  }
}

async function inMemory(part: MultipartFile, source: AsyncIterable<Buffer>): Promise<ReceivedImage> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MAX_AVATAR_BYTES) throw new Problem('too_large', 'A picture may have at most 10 MB.');
    parts.push(chunk);
  }
  return new ReceivedImage(safeFileName(part.filename), Buffer.concat(parts));
}

import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { finalize, from, switchMap, type Observable } from 'rxjs';
import type { AccountId } from '../database/account-id.js';
import { Log } from '../logging/log.js';
import { MAX_AVATAR_BYTES, ReceivedImage } from '../storage/avatars.js';
import { safeFileName } from '../storage/file-name.js';
import { MAX_FILE_BYTES, type StagedFile } from '../storage/staged-file.js';
import { Uploads } from '../storage/uploads.js';
import { ACCEPTS_FILES, type AcceptedFiles } from './accepts-files.js';
import { readMultipart, type FileTaker } from './multipart.js';
import { Problem, unprocessable } from './problem.js';
import { accountOfRequest } from './request-account.js';

/** Room for fields and the form's own lines beside its files. */
const OVERHEAD = 2 * 1024 * 1024;

/** Reads multipart bodies after the guards have let the request in: bytes of people without a right to the route are never stored. */
@Injectable()
export class MultipartInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector, private readonly uploads: Uploads, private readonly log: Log) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (context.getType() !== 'http' || !request.isMultipart()) return next.handle();
    const accepted = this.reflector.getAllAndOverride<AcceptedFiles | undefined>(ACCEPTS_FILES, [context.getHandler()]);
    const files: StagedFile[] = [];
    const account = accountOfRequest(request);
    return from(this.read(request, accepted, account, files)).pipe(
      switchMap(() => next.handle()),
      // Claimed files have left `uploads` by now; what is still there belongs to nobody: a refused body, a repeated message.
      finalize(() => {
        if (account === undefined || files.length === 0) return;
        this.uploads.discard(account, files).catch((error: unknown) => this.log.warn('files were left to the sweeper', { error, account_id: account }));
      }),
    );
  }

  private async read(request: FastifyRequest, accepted: AcceptedFiles | undefined, account: AccountId | undefined, files: StagedFile[]): Promise<void> {
    refuseHopeless(request, accepted);
    request.body = await readMultipart(request, this.taker(accepted, account, files));
  }

  private taker(accepted: AcceptedFiles | undefined, account: AccountId | undefined, files: StagedFile[]): FileTaker {
    if (!accepted) return async () => { throw unprocessable('This takes no files.'); };
    if (accepted.to === 'memory') return inMemory;
    if (account === undefined) throw new Error('A route with @AcceptsFiles() must work on an account.');
    return async (part) => {
      if (files.length >= accepted.max) throw new Problem('invalid', `attachments: at most ${accepted.max} files`, { attributes: ['attachments'] });
      const file = await this.uploads.stage(account, { fileName: part.filename, declaredType: part.mimetype, source: part.file as AsyncIterable<Buffer> });
      files.push(file);
      return file;
    };
  }
}

/** What cannot be accepted by its length alone is refused before a byte of it is read. */
function refuseHopeless(request: FastifyRequest, accepted: AcceptedFiles | undefined): void {
  const files = !accepted ? 0 : accepted.to === 'memory' ? MAX_AVATAR_BYTES : accepted.max * MAX_FILE_BYTES;
  if (Number(request.headers['content-length'] ?? 0) <= files + OVERHEAD) return;
  request.raw.resume();
  throw new Problem('too_large', 'This is larger than what can be accepted.');
}

async function inMemory(part: MultipartFile): Promise<ReceivedImage> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_AVATAR_BYTES) throw new Problem('too_large', 'A picture may have at most 10 MB.');
    parts.push(chunk);
  }
  return new ReceivedImage(safeFileName(part.filename), Buffer.concat(parts));
}

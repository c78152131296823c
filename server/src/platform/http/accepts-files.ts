import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { MAX_FILES } from '../storage/staged-file.js';

export const ACCEPTS_FILES = 'accepts files';

/** Files a route takes: stored while they arrive, or one small picture in memory. */
export type AcceptedFiles = { to: 'staging'; max: number } | { to: 'memory' };

const accepts = (files: AcceptedFiles): MethodDecorator =>
  applyDecorators(SetMetadata(ACCEPTS_FILES, files), ApiConsumes('application/json', 'multipart/form-data'));

/**
 * The route takes files (multipart), each stored encrypted before the handler runs and given to the body's schema as StagedFile (`stagedFiles`).
 * What the handler's transaction does not claim is removed when the request ends. The route needs an account.
 */
export const AcceptsFiles = (max = MAX_FILES): MethodDecorator => accepts({ to: 'staging', max });
/** The route takes one picture of at most 10 MB (multipart), given to the body's schema as ReceivedImage (`receivedImage`). */
export const AcceptsImage = (): MethodDecorator => accepts({ to: 'memory' });

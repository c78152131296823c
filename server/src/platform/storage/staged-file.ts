import { z } from 'zod';
import { formList } from '../http/schema-fields.js';

/** A file already stored (encrypted) and not yet claimed by a message. Unclaimed ones are swept after a day. */
export interface StagedFile {
  storageKey: string;
  fileName: string;
  /** By its first bytes, not by what the sender said. */
  contentType: string;
  size: number;
  /** Tells its bytes from others, also of a repeated request. */
  sha256: string;
  width?: number;
  height?: number;
  thumbnailKey?: string;
}

/** Largest file anybody may send, in bytes. */
export const MAX_FILE_BYTES = 40 * 1024 * 1024;
/** Most files of one message, as in Chatwoot. */
export const MAX_FILES = 15;

// A body could name any storage key, also another account's: only objects that staging itself made count as files.
const staged = new WeakSet<object>();
/** Marks what staging made. */
export const asStaged = (file: StagedFile): StagedFile => {
  staged.add(file);
  return file;
};

/** A file of a multipart body, in a body's schema. Only on routes with @AcceptsFiles(). */
export const stagedFile = z.custom<StagedFile>((v) => typeof v === 'object' && v !== null && staged.has(v), 'is not an uploaded file')
  .meta({ type: 'string', format: 'binary' });
/** Some programs name each file of a list: `attachments[][file]`. */
const unnamed = (v: unknown): unknown => {
  const { file } = (typeof v === 'object' && v !== null ? v : {}) as { file?: unknown };
  return typeof file === 'object' && file !== null && staged.has(file) ? file : v;
};
/** The files of a message, in a body's schema. */
export const stagedFiles = formList(z.preprocess(unnamed, stagedFile), MAX_FILES);

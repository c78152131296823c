import { z } from 'zod';
import { FILE_TYPES } from '../../conversations/attachments/attachment.dto.js';
import { stagedFile } from '../../platform/storage/staged-file.js';

/** `blob_id` is what `send_attachment` takes as its parameter. */
export const UploadFile = z.object({ attachment: stagedFile.optional() });
export type UploadFile = z.infer<typeof UploadFile>;
export const UploadedFile = z.object({ file_url: z.string(), blob_id: z.string(), filename: z.string(), file_type: z.enum(FILE_TYPES), file_size: z.int() }).meta({ id: 'ActionFile' });
export type UploadedFile = z.infer<typeof UploadedFile>;

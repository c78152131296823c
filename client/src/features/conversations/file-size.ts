import type { Attachment } from '../../api/types';

/** The largest file that may be sent, in bytes. */
export const MAX_FILE_BYTES = 40 * 1024 * 1024;

/** What a file is called: as it was sent, or the end of its address. */
export function fileName(attachment: Attachment): string {
  if (attachment.file_name) return attachment.file_name;
  const last = attachment.data_url.split(/[?#]/)[0]!.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || attachment.file_type;
  } catch {
    return last;
  }
}

import type { Attachment } from '../../api/types';

/** The largest file that may be sent, in bytes. */
export const MAX_FILE_BYTES = 40 * 1024 * 1024;

/** "3.4 MB", in the person's language. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return new Intl.NumberFormat(locale, { style: 'unit', unit: units[power], unitDisplay: power === 0 ? 'long' : 'short', maximumFractionDigits: power < 2 ? 0 : 1 }).format(bytes / 1024 ** power);
}

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

import type { WireAttachment } from '../api/wire';

/** The file's name: what the server calls it, else the end of its address. */
export function fileName(attachment: WireAttachment): string {
  if (attachment.fallback_title) return attachment.fallback_title;
  const end = attachment.data_url.split(/[?#]/)[0]!.split('/').pop() ?? '';
  try {
    return decodeURIComponent(end);
  } catch {
    return end;
  }
}

/** Bytes in the language's own way, e.g. "2.4 MB". */
export function fileSize(bytes: number, locale: string): string {
  const large = bytes >= 1_000_000;
  return new Intl.NumberFormat(locale, { style: 'unit', unit: large ? 'megabyte' : 'kilobyte', maximumFractionDigits: large ? 1 : 0 })
    .format(large ? bytes / 1e6 : Math.max(1, bytes / 1000));
}

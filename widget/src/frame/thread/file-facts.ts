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
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return new Intl.NumberFormat(locale, {
    style: 'unit', unit: (['byte', 'kilobyte', 'megabyte'] as const)[step], maximumFractionDigits: step === 2 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}

import { fileTypeFromBuffer } from 'file-type';
import { extname } from 'node:path';

/** What is shown for a file, as on the wire: `file` is offered for download only. */
export type FileKind = 'image' | 'audio' | 'video' | 'file';

/** How many bytes at the start of a file tell its type. */
export const SNIFFED_BYTES = 64 * 1024;

/** Images every browser shows and our decoder can check. SVG is a program, not an image. */
const IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif']);
const BINARY = 'application/octet-stream';

const TEXT_BY_EXTENSION: Record<string, string> = {
  '.txt': 'text/plain', '.log': 'text/plain', '.md': 'text/markdown', '.csv': 'text/csv', '.tsv': 'text/tab-separated-values',
  '.json': 'application/json', '.ics': 'text/calendar', '.vcf': 'text/vcard', '.eml': 'message/rfc822', '.yml': 'text/yaml', '.yaml': 'text/yaml',
};

export const isImage = (contentType: string): boolean => IMAGES.has(contentType);

/** What to show for a file of this type. */
export function kindOf(contentType: string): FileKind {
  if (isImage(contentType)) return 'image';
  if (contentType.startsWith('audio/')) return 'audio';
  if (contentType.startsWith('video/')) return 'video';
  return 'file';
}

/**
 * The type of a file by its first bytes. The declared type only tells sound from film where one container holds both; the extension only names
 * kinds of plain text. What cannot be told is application/octet-stream.
 */
export async function contentTypeOf(head: Buffer, fileName: string, declared: string): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const extension = extname(fileName).toLowerCase();
  if (found && found.mime !== 'application/xml') {
    const mime = found.mime.split(';')[0]!;
    if (/^video\/(webm|mp4|ogg)$/.test(mime) && declared.startsWith('audio/')) return mime.replace('video/', 'audio/');
    return mime;
  }
  // A large cover picture pushes the sound itself out of the bytes we look at.
  if (head.subarray(0, 3).toString('latin1') === 'ID3') return 'audio/mpeg';
  return isText(head) ? textType(head, extension) : BINARY;
}

function textType(head: Buffer, extension: string): string {
  const start = head.subarray(0, 4096).toString('utf8').toLowerCase();
  if (extension === '.svg' || /<svg[\s>]/.test(start)) return 'image/svg+xml';
  if (/^\.x?html?$/.test(extension) || /<(!doctype html|html|head|body|script|iframe)[\s>]/.test(start)) return 'text/html';
  if (extension === '.xml' || /^\s*<\?xml/.test(start)) return 'application/xml';
  return TEXT_BY_EXTENSION[extension] ?? 'text/plain';
}

function isText(head: Buffer): boolean {
  if (head.includes(0)) return false;
  // The last character may be cut in the middle, which decoding as a stream forgives.
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

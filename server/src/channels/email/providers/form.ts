import qs from 'qs';
import { parseMime } from '../reading/mime-tree.js';
import { decodeText } from '../reading/part-content.js';

/** A form that was posted, its bytes untouched. */
export interface Form { field(name: string, charset?: string): string | undefined; bytes(name: string): Buffer | undefined; files: { field: string; name: string; type: string; content: Buffer }[] }

/** Reads a posted form, with files or without. Its syntax is that of mail. */
export function readForm(body: Buffer, contentType: string): Form {
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    const fields = qs.parse(body.toString('utf8'), { depth: 0, parameterLimit: 2_000 }) as Record<string, unknown>;
    const field = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
    return { field, bytes: (name) => { const value = field(name); return value === undefined ? undefined : Buffer.from(value, 'utf8'); }, files: [] };
  }
  const { root } = parseMime(Buffer.concat([Buffer.from(`Content-Type: ${contentType.replace(/[\r\n]/g, ' ')}\r\n\r\n`), body]));
  const named = root.children.map((part) => ({ part, field: part.dispositionParams['name'] ?? '', file: part.dispositionParams['filename'] }));
  const find = (name: string): Buffer | undefined => named.find((one) => one.field === name)?.part.body;
  return {
    field: (name, charset) => { const bytes = find(name); return bytes && decodeText(bytes, charset ?? 'utf-8'); }, bytes: find,
    files: named.filter((one) => one.file !== undefined).map(({ part, field, file }) => ({ field, name: file!, type: part.type, content: part.body })),
  };
}

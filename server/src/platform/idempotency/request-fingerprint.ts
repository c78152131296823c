import { createHash } from 'node:crypto';

const FILE = ['storageKey', 'thumbnailKey'];

/** Tells whether a repeated request asks for the same: by method, address and body. Uploaded files count by what they are, not by where they were put. */
export function requestFingerprint(method: string, url: string, body: unknown): Buffer {
  return createHash('sha256').update(`${method} ${url.replace(/\/+(?=\?|$)/, '')}\n`).update(JSON.stringify(sorted(body)) ?? '').digest();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (Buffer.isBuffer(value)) return createHash('sha256').update(value).digest('hex');
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).filter((key) => !('storageKey' in value && FILE.includes(key))).sort();
  return keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]);
}

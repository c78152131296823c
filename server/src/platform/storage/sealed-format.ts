import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/**
 * How a file looks at rest: a header, then chunks of 64 kB, each encrypted and authenticated on its own with AES-256-GCM, so that any part of
 * a film can be read without the rest. The nonce of a chunk is its number and whether it is the last one (the STREAM construction): chunks that were
 * cut off, swapped or repeated do not open. The storage key is authenticated too: one file cannot be passed off as another.
 */
export const CHUNK = 64 * 1024;
export const TAG = 16;
export const HEADER = 32;
/** Bytes of a full chunk as stored. */
export const SEALED_CHUNK = CHUNK + TAG;

const MAGIC = Buffer.from('PLF');
const VERSION = 1;
const SALT = 16;

/** Thrown when stored bytes are not what was written: cut short, changed, or of another file. */
export class DamagedFile extends Error {}

/** magic 3 · version 1 · key id 8 · salt 16 · reserved 4 */
export function makeHeader(keyId: string, salt: Buffer): Buffer {
  return Buffer.concat([MAGIC, Buffer.from([VERSION]), Buffer.from(keyId.padEnd(8).slice(0, 8), 'latin1'), salt, Buffer.alloc(4)]);
}

/** The id of the key that a stored file was sealed with. Throws DamagedFile when the header is none of ours. */
export function keyIdOfHeader(header: Buffer): string {
  if (header.length !== HEADER || !header.subarray(0, 3).equals(MAGIC) || header[3] !== VERSION) throw new DamagedFile('This is not a file of ours.');
  return header.subarray(4, 12).toString('latin1');
}

/** How many bytes the file has, from how many are stored. Throws DamagedFile for a length that no file has. */
export function plainSize(storedSize: number): number {
  const body = storedSize - HEADER;
  const chunks = Math.ceil(body / SEALED_CHUNK);
  const lastChunk = body - (chunks - 1) * SEALED_CHUNK;
  if (body < TAG || lastChunk < TAG) throw new DamagedFile('This file was cut short.');
  return body - chunks * TAG;
}

/** Encrypts and decrypts the chunks of one file. */
export class ChunkCipher {
  private readonly key: Buffer;
  private readonly context: Buffer;

  constructor(root: Buffer, header: Buffer, storageKey: string) {
    this.key = Buffer.from(hkdfSync('sha256', root, header.subarray(12, 12 + SALT), 'porchlight file', 32));
    this.context = Buffer.concat([header, Buffer.from(storageKey)]);
  }

  seal(plain: Buffer, index: number, last: boolean): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce(index, last)).setAAD(this.context);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Buffer, index: number, last: boolean): Buffer {
    if (sealed.length < TAG) throw new DamagedFile('This file was cut short.');
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonce(index, last)).setAAD(this.context);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()]);
    } catch {
      throw new DamagedFile('This file was changed after it was stored.');
    }
  }
}

function nonce(index: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(index, 7);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

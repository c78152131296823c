import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Keyring } from '../crypto/keyring.js';
import { BlobGone, Blobs } from './blobs.js';
import { rechunk } from './rechunk.js';
import { CHUNK, ChunkCipher, DamagedFile, HEADER, keyIdOfHeader, makeHeader, plainSize, SEALED_CHUNK } from './sealed-format.js';

/** A part of a file, both ends included, in bytes. */
export interface ByteRange { start: number; end: number }

/** A stored file, ready to be read. */
export interface OpenedFile {
  /** Bytes of the whole file. */
  size: number;
  /** Decrypts while it is read. Errors with DamagedFile when the stored bytes are not what was written. */
  read(range?: ByteRange): Readable;
}

const PURPOSE = 'files';

/** Files of the installation, encrypted on their way in and decrypted on their way out, a chunk at a time. */
@Injectable()
export class FileStore {
  constructor(private readonly blobs: Blobs, private readonly keyring: Keyring) {}

  /** Stores the bytes; resolves when they survive a crash. Rejects with the source's own error, and then nothing is stored. */
  async write(key: string, source: AsyncIterable<Buffer | Uint8Array>): Promise<void> {
    const header = makeHeader(this.keyring.keyId, randomBytes(16));
    const cipher = this.cipherOf(header, key);
    await this.blobs.put(key, Readable.from(seal(source, header, cipher), { objectMode: false }));
  }

  /** The file under the key, or undefined when there is none. Throws DamagedFile when its length or header is wrong. */
  async open(key: string): Promise<OpenedFile | undefined> {
    const stored = await this.blobs.size(key);
    if (stored === undefined) return undefined;
    try {
      const size = plainSize(stored);
      const cipher = this.cipherOf(await bytes(await this.blobs.read(key, 0, HEADER - 1)), key);
      return { size, read: (range) => Readable.from(naming(key, this.decrypt(key, size, cipher, range ?? { start: 0, end: size - 1 })), { objectMode: false }) };
    } catch (error) {
      // Removed between the look and the reading.
      if (error instanceof BlobGone) return undefined;
      throw named(key, error);
    }
  }

  /** The whole file in memory. Only for what is known to be small, like avatars and thumbnails. */
  async readAll(key: string): Promise<Buffer | undefined> {
    const file = await this.open(key);
    if (!file) return undefined;
    try {
      return await bytes(file.read());
    } catch (error) {
      // Removed between the look and the reading.
      if (error instanceof BlobGone) return undefined;
      throw error;
    }
  }

  /** Removing what is not there is no error. */
  remove(key: string): Promise<void> {
    return this.blobs.remove(key);
  }

  /** Removes what was left half written by a process that was killed. Returns how many. */
  removeUnfinished(since: Date): Promise<number> {
    return this.blobs.removeUnfinished(since);
  }

  private cipherOf(header: Buffer, storageKey: string): ChunkCipher {
    const root = this.keyring.key(PURPOSE, keyIdOfHeader(header));
    if (!root) throw new DamagedFile('This file was sealed with another key.');
    return new ChunkCipher(root, header, storageKey);
  }

  private async* decrypt(key: string, size: number, cipher: ChunkCipher, { start, end }: ByteRange): AsyncGenerator<Buffer> {
    const lastChunk = Math.max(0, Math.ceil(size / CHUNK) - 1);
    const first = Math.floor(start / CHUNK);
    const final = Math.min(lastChunk, Math.floor(Math.max(end, 0) / CHUNK));
    const sealed = await this.blobs.read(key, HEADER + first * SEALED_CHUNK, HEADER + (final + 1) * SEALED_CHUNK - 1);
    let index = first;
    for await (const { piece } of rechunk(sealed, SEALED_CHUNK)) {
      if (index > final) throw new DamagedFile('This file is longer than it was.');
      const plain = cipher.open(piece, index, index === lastChunk);
      const offset = index * CHUNK;
      const part = plain.subarray(Math.max(0, start - offset), Math.max(0, end + 1 - offset));
      if (part.length > 0) yield part;
      index++;
    }
    if (index <= final) throw new DamagedFile('This file was cut short.');
  }
}

/** Says which file it is: somebody has to look for it in a backup. */
const named = (key: string, error: unknown): unknown => (error instanceof DamagedFile ? new DamagedFile(`${error.message} (${key})`) : error);

async function* naming(key: string, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* source;
  } catch (error) {
    throw named(key, error);
  }
}

async function* seal(source: AsyncIterable<Buffer | Uint8Array>, header: Buffer, cipher: ChunkCipher): AsyncGenerator<Buffer> {
  yield header;
  let index = 0;
  for await (const { piece, last } of rechunk(source, CHUNK)) yield cipher.seal(piece, index++, last);
}

async function bytes(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

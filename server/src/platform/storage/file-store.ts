import { Injectable, Optional } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Keyring } from '../crypto/keyring.js';
import { BlobGone, Blobs } from './blobs.js';
import { rechunk } from './rechunk.js';
import { ResealedFiles } from './resealed-files.repository.js';
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
  /** Without a database nothing is sealed again. */
  constructor(private readonly blobs: Blobs, private readonly keyring: Keyring, @Optional() private readonly resealed?: ResealedFiles) {}

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
      const cipher = this.cipherOf(await this.headerOf(key), key);
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
  async remove(key: string): Promise<void> {
    await this.blobs.remove(key);
    if (await this.resealed?.noteRemoval(key)) await this.blobs.remove(key);
  }

  /**
   * Seals a file again with the current key. At every moment it is there whole, under one key or the other; whoever reads it meanwhile goes on. Answers false
   * for one that is under this key, or gone. Throws DamagedFile, and then leaves it as it is.
   */
  async sealAgain(key: string): Promise<boolean> {
    if (!this.resealed) throw new Error('Sealing files again needs a database.');
    if (!await this.isUnderFormer(key)) return false;
    await this.resealed.begin(key);
    try {
      const file = await this.open(key);
      if (file) await this.write(key, file.read());
      return file !== undefined;
    } catch (error) {
      if (error instanceof BlobGone) return false;
      throw error;
    } finally {
      await this.settle(key);
    }
  }

  /** Ends what `sealAgain` began: if the file was removed meanwhile, it is gone again. */
  async settle(key: string): Promise<void> {
    if (await this.resealed?.finish(key)) await this.blobs.remove(key);
  }

  /** Removes what was left half written by a process that was killed. Returns how many. */
  removeUnfinished(since: Date): Promise<number> {
    return this.blobs.removeUnfinished(since);
  }

  private async isUnderFormer(key: string): Promise<boolean> {
    if (await this.blobs.size(key) === undefined) return false;
    try {
      return keyIdOfHeader(await this.headerOf(key)) !== this.keyring.keyId;
    } catch (error) {
      if (error instanceof BlobGone) return false;
      throw named(key, error);
    }
  }

  private async headerOf(key: string): Promise<Buffer> {
    return bytes(await this.blobs.read(key, 0, HEADER - 1));
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
      // What is read in one go is all of one sealing; the header was read before.
      if (index === first) cipher = await this.thatOpens(key, piece, index, index === lastChunk, cipher);
      const plain = cipher.open(piece, index, index === lastChunk);
      const offset = index * CHUNK;
      const part = plain.subarray(Math.max(0, start - offset), Math.max(0, end + 1 - offset));
      if (part.length > 0) yield part;
      index++;
    }
    if (index <= final) throw new DamagedFile('This file was cut short.');
  }

  /** The cipher, or, for a file that was sealed again since its header was read, that of its header now. */
  private async thatOpens(key: string, piece: Buffer, index: number, last: boolean, cipher: ChunkCipher): Promise<ChunkCipher> {
    try {
      cipher.open(piece, index, last);
      return cipher;
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      return this.cipherOf(await this.headerOf(key), key);
    }
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

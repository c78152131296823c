import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../clock/clock.js';
import { randomToken } from '../crypto/keyring.js';
import type { AccountId } from '../database/account-id.js';
import type { Statements, Tx } from '../database/transaction.js';
import { SystemWork, UnitOfWork } from '../database/unit-of-work.js';
import { Problem } from '../http/problem.js';
import { contentTypeOf, isImage, SNIFFED_BYTES } from './content-type.js';
import { safeFileName } from './file-name.js';
import { FileStore } from './file-store.js';
import { Images } from './images.js';
import { asStaged, MAX_FILE_BYTES, type StagedFile } from './staged-file.js';

/** A file on its way in. */
export interface IncomingFile { fileName: string | undefined; declaredType: string; source: AsyncIterable<Buffer> }
/** Bytes that are stored, and what tells them from others. */
export interface StagedBytes { storageKey: string; size: number; sha256: string }

const thumbnailOf = (storageKey: string): string => `${storageKey}.thumb`;
const SWEEP_BATCH = 50;
const UNFINISHED_MS = 3_600_000;
/** Files written at once of those that come together. */
const SIDE_BY_SIDE = 20;

/**
 * Files before they belong to something. Each has a row in `uploads` from before its first byte until the transaction that claims it, so that
 * nothing is ever stored that nobody would find again.
 */
@Injectable()
export class Uploads {
  constructor(
    private readonly store: FileStore, private readonly images: Images,
    private readonly unitOfWork: UnitOfWork, private readonly system: SystemWork, private readonly clock: Clock,
  ) {}

  /** Stores a file while it arrives. Throws Problem `too_large` as soon as it is, and then keeps nothing. */
  async stage(accountId: AccountId, incoming: IncomingFile): Promise<StagedFile> {
    return (await this.stageAll(accountId, [incoming]))[0]!;
  }

  /** The same for files that belong together and need not wait for each other: all of them, or none is kept. */
  stageAll(accountId: AccountId, incoming: readonly IncomingFile[]): Promise<StagedFile[]> {
    return this.storeAll(accountId, incoming, (storageKey, file) => this.writeFile(storageKey, file));
  }

  /** Stores bytes as they are while they arrive, whatever they are. Throws Problem `too_large`, and then keeps nothing. */
  async stageBytes(accountId: AccountId, source: AsyncIterable<Buffer>, maxBytes: number): Promise<StagedBytes> {
    return (await this.stageAllBytes(accountId, [source], maxBytes))[0]!;
  }

  /** The same for several: all of them, or none is kept. */
  stageAllBytes(accountId: AccountId, sources: readonly AsyncIterable<Buffer>[], maxBytes: number): Promise<StagedBytes[]> {
    return this.storeAll(accountId, sources, async (storageKey, source) => {
      const hash = createHash('sha256');
      let size = 0;
      async function* counted(): AsyncGenerator<Buffer> {
        for await (const chunk of source) {
          size += chunk.length;
          if (size > maxBytes) throw new Problem('too_large', `At most ${Math.floor(maxBytes / 1024 / 1024)} MB are taken.`);
          hash.update(chunk);
          yield chunk;
        }
      }
      await this.store.write(storageKey, counted());
      return { storageKey, size, sha256: hash.digest('hex') };
    });
  }

  /** Makes files belong to what the transaction writes. Throws Problem `conflict` when one was claimed before or swept. */
  async claim(tx: Tx, files: readonly Pick<StagedFile, 'storageKey'>[]): Promise<void> {
    if (files.length === 0) return;
    const keys = files.map((f) => f.storageKey);
    const rows = await tx.prepared('DELETE FROM uploads WHERE account_id = $1 AND storage_key = ANY ($2) RETURNING storage_key', [tx.accountId, keys]);
    if (rows.length !== new Set(keys).size) throw new Problem('conflict', 'A file of this message is gone. Please send it again.');
  }

  /** Gives stored files up together with the transaction: the sweeper removes their bytes soon after it commits. */
  async release(tx: Tx, storageKeys: readonly string[]): Promise<void> {
    if (storageKeys.length === 0) return;
    await tx.sql(
      `INSERT INTO uploads (account_id, storage_key, created_at) SELECT $1, k, now() - interval '1 year' FROM unnest($2::text[]) k ON CONFLICT DO NOTHING`,
      [tx.accountId, storageKeys]);
  }

  /** Removes those of the files that nothing has claimed. */
  async discard(accountId: AccountId, files: readonly Pick<StagedFile, 'storageKey'>[]): Promise<void> {
    if (files.length === 0) return;
    await this.unitOfWork.run(accountId, async (tx) => {
      const rows = await tx.sql<{ storage_key: string }>(
        'SELECT storage_key FROM uploads WHERE account_id = $1 AND storage_key = ANY ($2) ORDER BY storage_key FOR UPDATE', [accountId, files.map((f) => f.storageKey)]);
      await this.removeLocked(tx, rows.map((row) => ({ account_id: accountId, storage_key: row.storage_key })));
    });
  }

  /** Removes a batch of what nobody claimed for a day, and what was released. Returns how many; call again while it is not 0. */
  async sweep(): Promise<number> {
    return this.system.run(async (tx) => {
      const rows = await tx.sql<UploadRow>(
        `SELECT account_id, storage_key FROM uploads WHERE created_at < now() - interval '24 hours' LIMIT $1 FOR UPDATE SKIP LOCKED`, [SWEEP_BATCH]);
      await this.removeLocked(tx, rows);
      return rows.length;
    });
  }

  /** The same for one account that is being erased, also of what was never claimed; only what may still be on its way in waits. Answers whether nothing is left. */
  async emptied(accountId: number): Promise<boolean> {
    for (;;) {
      const removed = await this.system.run(async (tx) => {
        const rows = await tx.sql<UploadRow>(
          `SELECT account_id, storage_key FROM uploads WHERE account_id = $1 AND created_at < now() - make_interval(secs => $2) ORDER BY storage_key LIMIT $3 FOR UPDATE`, [accountId, UNFINISHED_MS / 1000, SWEEP_BATCH]);
        await this.removeLocked(tx, rows);
        return rows.length;
      });
      if (removed === 0) return (await this.system.sql('SELECT FROM uploads WHERE account_id = $1 LIMIT 1', [accountId])).length === 0;
    }
  }

  /** Removes the bytes of uploads that a killed process was in the middle of. No upload lasts so long without a byte. */
  async sweepUnfinished(): Promise<number> {
    return this.store.removeUnfinished(new Date(this.clock.now() - UNFINISHED_MS));
  }

  private async storeAll<From, To>(accountId: AccountId, sources: readonly From[], write: (storageKey: string, source: From) => Promise<To>): Promise<To[]> {
    if (sources.length === 0) return [];
    const keys = await this.announce(accountId, sources.length);
    const written: To[] = [];
    try {
      for (let n = 0; n < keys.length; n += SIDE_BY_SIDE) {
        const results = await Promise.allSettled(keys.slice(n, n + SIDE_BY_SIDE).map((key, k) => write(key, sources[n + k]!)));
        for (const result of results) {
          if (result.status === 'rejected') throw result.reason;
          written.push(result.value);
        }
      }
      return written;
    } catch (error) {
      await this.discard(accountId, keys.map((storageKey) => ({ storageKey })));
      throw error;
    }
  }

  private async announce(accountId: AccountId, count: number): Promise<string[]> {
    const keys = Array.from({ length: count }, () => `${accountId}/files/${randomToken(24)}`);
    await this.unitOfWork.run(accountId, (tx) => tx.prepared('INSERT INTO uploads (account_id, storage_key) SELECT $1, k FROM unnest($2::text[]) k', [accountId, keys]));
    return keys;
  }

  private async writeFile(storageKey: string, incoming: IncomingFile): Promise<StagedFile> {
    const seen = new SeenBytes();
    await this.store.write(storageKey, seen.pass(incoming.source));
    const fileName = safeFileName(incoming.fileName);
    const contentType = await contentTypeOf(seen.head(), fileName, incoming.declaredType);
    const file: StagedFile = { storageKey, fileName, contentType, size: seen.size, sha256: seen.sha256() };
    return asStaged(isImage(contentType) ? await this.measured(file) : file);
  }

  /** The rows stay locked until their bytes are gone, so a claim cannot win a file that is being removed. */
  private async removeLocked(tx: Statements, rows: UploadRow[]): Promise<void> {
    for (const { account_id, storage_key } of rows) {
      await this.store.remove(storage_key);
      await this.store.remove(thumbnailOf(storage_key));
      await tx.sql('DELETE FROM uploads WHERE account_id = $1 AND storage_key = $2', [account_id, storage_key]);
    }
  }

  private async measured(file: StagedFile): Promise<StagedFile> {
    const image = await this.images.measure(() => this.store.readAll(file.storageKey));
    if (!image) return { ...file, contentType: 'application/octet-stream' };
    const thumbnailKey = thumbnailOf(file.storageKey);
    await this.store.write(thumbnailKey, [image.thumbnail] as unknown as AsyncIterable<Buffer>);
    return { ...file, width: image.width, height: image.height, thumbnailKey };
  }
}

interface UploadRow { account_id: number; storage_key: string }

/** Looks at the bytes that pass: how many, the first of them, and what tells them from others. */
class SeenBytes {
  size = 0;
  private readonly first: Buffer[] = [];
  private readonly hash = createHash('sha256');

  sha256(): string {
    return this.hash.digest('hex');
  }

  head(): Buffer {
    return Buffer.concat(this.first).subarray(0, SNIFFED_BYTES);
  }

  async* pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      if (this.size < SNIFFED_BYTES) this.first.push(chunk);
      this.size += chunk.length;
      if (this.size > MAX_FILE_BYTES) throw new Problem('too_large', 'A file may have at most 40 MB.');
      this.hash.update(chunk);
      yield chunk;
    }
  }
}

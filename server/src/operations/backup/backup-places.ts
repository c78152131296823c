import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Config } from '../../platform/config/config.js';
import { S3Blobs } from '../../platform/storage/s3-blobs.js';
import { BackupError } from './backup.errors.js';

/** Where backups are kept. */
export interface BackupPlace {
  /** For people: a folder or a bucket. */
  readonly name: string;
  /** Stores all or nothing; answers the bytes stored. */
  write(name: string, content: AsyncIterable<Buffer>): Promise<number>;
  /** Opens one anew each time it is called. */
  read(name: string): AsyncIterable<Buffer>;
  list(): Promise<string[]>;
  remove(name: string): Promise<void>;
}

const SUFFIX = '.plbackup';
const HALF = /^\..*\.half$/;
const PREFIX = 'backups/';

/** `porchlight-2026-11-21T02-00-00Z.plbackup`. */
export const backupName = (at: Date): string => `porchlight-${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z${SUFFIX}`;
/** The moment in a backup's name, in milliseconds; undefined for a file that is none. */
export function momentOf(name: string): number | undefined {
  const [, day, hour, minute, second] = /^porchlight-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.plbackup$/.exec(name) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}Z`);
}

/** The place that the settings name. */
export function backupPlace(config: Config): BackupPlace {
  return config.BACKUP_TO === 's3' ? new BucketPlace(config) : new FolderPlace(resolve(config.BACKUP_DIR ?? join(config.DATA_DIR, 'backups')));
}

/** Backups as files of a folder. */
export class FolderPlace implements BackupPlace {
  constructor(readonly name: string) {}

  async write(name: string, content: AsyncIterable<Buffer>): Promise<number> {
    await mkdir(this.name, { recursive: true, mode: 0o700 });
    // What an interrupted backup left; there is never more than one at a time.
    for (const left of (await readdir(this.name)).filter((file) => HALF.test(file))) await rm(join(this.name, left), { force: true });
    const half = join(this.name, `.${randomBytes(6).toString('hex')}.half`);
    let size = 0;
    try {
      const file = await open(half, 'wx', 0o600);
      try {
        for await (const chunk of content) {
          // Unlike write, it never stops half-way without saying so.
          await file.writeFile(chunk);
          size += chunk.length;
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(half, join(this.name, name));
      const folder = await open(this.name, 'r');
      await folder.sync().finally(() => folder.close());
    } catch (error) {
      await rm(half, { force: true });
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new BackupError(`There is no room for the backup in ${this.name}. Free some, or set BACKUP_DIR to a larger disk.`);
      throw error;
    }
    return size;
  }

  read(name: string): AsyncIterable<Buffer> {
    return readFile(join(this.name, name));
  }

  async list(): Promise<string[]> {
    return (await readdir(this.name).catch(() => [])).filter((file) => file.endsWith(SUFFIX)).sort();
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.name, name), { force: true });
  }
}

/** Opens, as often as it is called, the backup at a path or at an address like `s3://bucket/backups/name`. */
export function backupAt(config: Config, where: string): () => AsyncIterable<Buffer> {
  if (!where.startsWith('s3://')) return () => readFile(where);
  const place = new BucketPlace(config);
  if (!where.startsWith(place.name)) throw new BackupError(`The settings know no ${where}: S3_BUCKET leads to ${place.name}.`);
  return () => place.read(where.slice(place.name.length));
}

/** The bytes of a file. Throws BackupError when there is none. */
export async function* readFile(path: string): AsyncGenerator<Buffer> {
  try {
    if (!(await stat(path)).isFile()) throw new BackupError(`${path} is not a file.`);
    const file = await open(path, 'r');
    yield* file.createReadStream({ highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BackupError(`There is no file ${path}.`);
    throw error;
  }
}

/** Backups in the bucket where the files are, below `backups/`. */
class BucketPlace implements BackupPlace {
  private readonly blobs: S3Blobs;
  readonly name: string;

  constructor(config: Config) {
    this.blobs = new S3Blobs(config);
    this.name = `s3://${config.S3_BUCKET}/${PREFIX}`;
  }

  async write(name: string, content: AsyncIterable<Buffer>): Promise<number> {
    let size = 0;
    await this.blobs.put(PREFIX + name, Readable.from((async function* () {
      for await (const chunk of content) {
        size += chunk.length;
        yield chunk;
      }
    })(), { objectMode: false }));
    return size;
  }

  async* read(name: string): AsyncGenerator<Buffer> {
    const size = await this.blobs.size(PREFIX + name);
    if (size === undefined) throw new BackupError(`There is no ${this.name}${name}.`);
    yield* await this.blobs.read(PREFIX + name, 0, size - 1) as AsyncIterable<Buffer>;
  }

  async list(): Promise<string[]> {
    return (await this.blobs.list(PREFIX)).map((key) => key.slice(PREFIX.length)).filter((name) => name.endsWith(SUFFIX)).sort();
  }

  async remove(name: string): Promise<void> {
    await this.blobs.remove(PREFIX + name);
  }
}

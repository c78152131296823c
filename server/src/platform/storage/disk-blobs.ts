import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { randomToken } from '../crypto/keyring.js';
import { BlobGone, Blobs } from './blobs.js';

const INCOMING = '.incoming';
const KEY = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_.-]+)+$/;

/** Blobs as files below one folder. */
export class DiskBlobs extends Blobs {
  constructor(private readonly folder: string) {
    super();
  }

  async put(key: string, source: Readable): Promise<void> {
    const target = this.path(key);
    const temporary = join(this.folder, INCOMING, randomToken(12));
    try {
      await writeDurably(temporary, source);
      await inItsFolder(target, () => rename(temporary, target));
      // The name is in the folder, and the folder is a file that has to reach the disk too.
      await syncFolder(dirname(target));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async size(key: string): Promise<number | undefined> {
    try {
      return (await stat(this.path(key))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async read(key: string, start: number, end: number): Promise<Readable> {
    try {
      return (await open(this.path(key), 'r')).createReadStream({ start, end });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobGone();
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
  }

  async removeUnfinished(since: Date): Promise<number> {
    const folder = join(this.folder, INCOMING);
    let removed = 0;
    for (const name of await readdir(folder).catch(() => [])) {
      // One that is finished meanwhile has left the folder.
      const written = await stat(join(folder, name)).catch(() => undefined);
      if (!written || written.mtime >= since) continue;
      await rm(join(folder, name), { force: true });
      removed++;
    }
    return removed;
  }

  private path(key: string): string {
    if (!KEY.test(key) || key.includes('..')) throw new Error('This is not a storage key.');
    return join(this.folder, key);
  }
}

/** Makes the folder only when it is missing: nearly always it is there. */
async function inItsFolder<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return work();
  }
}

async function writeDurably(path: string, source: Readable): Promise<void> {
  const file = await inItsFolder(path, () => open(path, 'wx', 0o600));
  try {
    for await (const chunk of source) await file.write(chunk as Buffer);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

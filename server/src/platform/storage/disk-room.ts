import { Inject, Injectable } from '@nestjs/common';
import { statfs } from 'node:fs/promises';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { Problem } from '../http/problem.js';
import { refusalWords } from './upload-refusals.words.js';

const MB = 1_048_576;
/** A look is good for so long. */
const FRESH_MS = 2_000;

/**
 * Keeps files from filling the disk to the brim: the embedded database lies there too, and without room it takes no message either. A bucket has no end
 * that we could see.
 */
@Injectable()
export class DiskRoom {
  private last: { at: number; scarce: Promise<boolean> } | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config, private readonly clock: Clock) {}

  /** Throws Problem `no_room` while the disk is nearly full. */
  async demand(language: string | undefined): Promise<void> {
    if (await this.isScarce()) throw new Problem('no_room', refusalWords(language).full, { body: { error_code: 'disk_full' } });
  }

  /** Whether files are refused just now. */
  isScarce(): Promise<boolean> {
    const { STORAGE, UPLOAD_KEEP_FREE_MB: megabytes } = this.config;
    if (STORAGE !== 'disk' || megabytes === 0) return Promise.resolve(false);
    const now = this.clock.now();
    if (!this.last || now - this.last.at > FRESH_MS) this.last = { at: now, scarce: this.look(megabytes) };
    return this.last.scarce;
  }

  private async look(megabytes: number): Promise<boolean> {
    try {
      const { bavail, bsize } = await statfs(this.config.DATA_DIR);
      return bavail * bsize < megabytes * MB;
    } catch {
      // Nothing was stored yet, or this system does not tell. A disk that is really full refuses by itself.
      return false;
    }
  }
}

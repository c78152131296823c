import { Injectable } from '@nestjs/common';
import type { Sharp } from 'sharp';

/** Side of a thumbnail and of an avatar, in pixels. */
const THUMBNAIL = 480;
const AVATAR = 512;
/** Longest side of a picture in a text. */
const PICTURE = 1600;
/** Refuses what would need hundreds of megabytes once unpacked. */
const LIMITS = { limitInputPixels: 50_000_000, failOn: 'error' as const };
const SECONDS = 5;
/** Images decoded at once: what each costs in memory is bounded, so their number must be. */
const AT_ONCE = 2;

export interface MeasuredImage { width: number; height: number; thumbnail: Buffer }

/** Reads images that strangers send, within limits of size and time. */
@Injectable()
export class Images {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** Size as people see it (turned upright) and a WebP thumbnail without any metadata; undefined when this is no image we can read. */
  async measure(load: () => Promise<Buffer | undefined>): Promise<MeasuredImage | undefined> {
    return this.inTurn(async (open) => {
      const bytes = await load();
      if (!bytes) return undefined;
      const { autoOrient } = await open(bytes).metadata();
      const thumbnail = await square(open(bytes), THUMBNAIL, 'inside');
      return { width: autoOrient.width, height: autoOrient.height, thumbnail };
    });
  }

  /** A square WebP of at most 512 pixels without any metadata, or undefined when this is no image we can read. */
  async avatar(bytes: Buffer): Promise<Buffer | undefined> {
    return this.inTurn((open) => square(open(bytes), AVATAR, 'cover'));
  }

  /** A WebP of at most 1600 pixels a side without any metadata, or undefined when this is no image we can read. */
  async picture(bytes: Buffer): Promise<Buffer | undefined> {
    return this.inTurn((open) => square(open(bytes), PICTURE, 'inside'));
  }

  private async inTurn<T>(work: (open: (bytes: Buffer) => Sharp) => Promise<T>): Promise<T | undefined> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
    try {
      // Loaded on first use: a process that never sees an image does not carry the decoder.
      const { default: sharp } = await import('sharp');
      sharp.cache(false);
      return await work((bytes) => sharp(bytes, LIMITS));
    } catch {
      // Broken, too large or too slow: the sender's file is at fault, and it is still a file.
      return undefined;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}

function square(image: Sharp, side: number, fit: 'inside' | 'cover'): Promise<Buffer> {
  return image.autoOrient().resize({ width: side, height: side, fit, withoutEnlargement: true }).webp({ quality: 80 }).timeout({ seconds: SECONDS }).toBuffer();
}

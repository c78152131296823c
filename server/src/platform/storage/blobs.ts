import type { Readable } from 'node:stream';

/** What was there a moment ago is not any more. */
export class BlobGone extends Error {}

/** Bytes under keys, as a disk or a bucket keeps them. Knows nothing of their meaning; what it gets is encrypted already. */
export abstract class Blobs {
  /** Stores all or nothing; when it resolves, the bytes survive a crash. Rejects with the source's own error when the source fails. */
  abstract put(key: string, source: Readable): Promise<void>;
  /** Bytes stored under the key, or undefined when there is nothing. */
  abstract size(key: string): Promise<number | undefined>;
  /** The bytes from `start` up to and including `end`. Rejects with BlobGone when there are none under this key. */
  abstract read(key: string, start: number, end: number): Promise<Readable>;
  /** Removing what is not there is no error. */
  abstract remove(key: string): Promise<void>;
  /** Removes what a process that was killed left half written, when nothing was added to it since then. Returns how many. */
  abstract removeUnfinished(since: Date): Promise<number>;
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { OutboundHttp } from '../outbound-http/outbound-http.js';
import { fetchImage, type RemoteImage } from '../storage/remote-image.js';

const MAX_BYTES = 5 * 1024 * 1024;
const MAX_MS = 8_000;
/** Bytes of pictures one process remembers. */
const REMEMBERED = 32 * 1024 * 1024;
const KEPT_MS = 60 * 60_000;
/** What failed is not asked for again at every look. */
const FAILED_MS = 60_000;
const AT_ONCE = 8;

interface Entry { picture: RemoteImage | undefined; until: number }

/**
 * Fetches pictures that mails and cards show from elsewhere in place of the reader: their server learns neither who looks nor from where. The address is checked like every other that
 * we are given; nothing of ours goes along.
 */
@Injectable()
export class RemotePictures {
  private readonly known = new Map<string, Entry>();
  private readonly coming = new Map<string, Promise<RemoteImage | undefined>>();
  private readonly waiting: (() => void)[] = [];
  private size = 0;
  private running = 0;

  constructor(private readonly http: OutboundHttp, private readonly clock: Clock) {}

  /** The picture there, or undefined when there is none that could be shown. */
  async fetch(address: string): Promise<RemoteImage | undefined> {
    const entry = this.known.get(address);
    if (entry && entry.until > this.clock.now()) return entry.picture;
    if (entry) this.forget(address, entry);
    let coming = this.coming.get(address);
    if (!coming) {
      coming = this.inTurn(() => this.load(address)).finally(() => this.coming.delete(address));
      this.coming.set(address, coming);
    }
    return coming;
  }

  private async load(address: string): Promise<RemoteImage | undefined> {
    const picture = await fetchImage(this.http, address, { timeoutMs: MAX_MS, maxBytes: MAX_BYTES });
    this.remember(address, { picture, until: this.clock.now() + (picture ? KEPT_MS : FAILED_MS) });
    return picture;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  private remember(address: string, entry: Entry): void {
    this.known.set(address, entry);
    this.size += sizeOf(address, entry);
    for (const [oldest, old] of this.known) {
      if (this.size <= REMEMBERED) return;
      this.forget(oldest, old);
    }
  }

  private forget(address: string, entry: Entry): void {
    if (this.known.delete(address)) this.size -= sizeOf(address, entry);
  }
}

const sizeOf = (address: string, { picture }: Entry): number => 200 + address.length + (picture?.bytes.length ?? 0);

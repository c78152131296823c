import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { Problem } from '../http/problem.js';
import { ThrottleRepository } from '../throttles/throttle.repository.js';
import { refusalWords, type RefusalWord } from './upload-refusals.words.js';

/** Who sends files, as far as the request's head tells. */
export interface Uploader {
  account?: number;
  /** Person, program, visitor. */
  asker?: string;
  /** Network address of somebody from outside, unless it is this machine's own. */
  network?: string;
  /** Somebody from outside: a visitor, a person of somebody's app. */
  stranger: boolean;
  /** Accept-Language. */
  language?: string;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
const KB = 1_024;
/** Bytes that are counted before they are read. What is not read of them is given back. */
const STEP_KB = KB;
/** Less than this is not worth a statement to give back. */
const CRUMBS_KB = 64;

interface Limit { key: string; most: number; seconds: number; counts: 'files' | 'kilobytes'; word: RefusalWord }

/**
 * How much may come in as files: per visitor, network address, person and account, counted in the database so that all processes count together.
 * Bytes are counted before they are read, so uploads that run side by side share one budget.
 */
@Injectable()
export class UploadBudgets {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly counts: ThrottleRepository, private readonly clock: Clock) {}

  /** The budget of one request. Nothing is counted yet. */
  of(uploader: Uploader): UploadBudget {
    return new UploadBudget(this.limitsOf(uploader), this.counts, this.clock, refusalWords(uploader.language));
  }

  private limitsOf({ account, asker, network, stranger }: Uploader): Limit[] {
    const c = this.config;
    const inAll = c.UPLOAD_MB_PER_ACCOUNT_DAY;
    const limits: [subject: unknown, most: number, seconds: number, counts: Limit['counts'], word: RefusalWord, name: string][] = [
      [asker, c.UPLOADS_PER_HOUR, HOUR, 'files', 'yours', 'files'],
      [stranger ? asker : undefined, c.UPLOAD_MB_PER_VISITOR_HOUR * KB, HOUR, 'kilobytes', 'yours', 'visitor'],
      [stranger ? network : undefined, c.UPLOAD_MB_PER_ADDRESS_HOUR * KB, HOUR, 'kilobytes', 'yours', 'address'],
      // Strangers fill half of it at most, so that they cannot keep the account's own people from working.
      [stranger ? account : undefined, Math.ceil(inAll / 2) * KB, DAY, 'kilobytes', 'account', 'account-strangers'],
      [account, inAll * KB, DAY, 'kilobytes', 'account', 'account'],
    ];
    return limits.filter(([subject, most]) => subject !== undefined && most > 0)
      .map(([subject, most, seconds, counts, word, name]) => ({ key: `uploads-${name}:${hashOf(String(subject))}`, most, seconds, counts, word }));
  }
}

// The table must not become a list of addresses.
const hashOf = (subject: string): string => createHash('sha256').update(subject).digest('base64url');

/** What one request may still send. */
export class UploadBudget {
  private reserved = 0;
  private read = 0;

  constructor(private readonly limits: readonly Limit[], private readonly counts: ThrottleRepository, private readonly clock: Clock, private readonly words: Record<RefusalWord, string>) {}

  /** Refuses by the announced length alone, without counting it. */
  async demandRoomFor(bytes: number): Promise<void> {
    const kilobytes = Math.floor(bytes / KB);
    if (this.limits.some((limit) => limit.counts === 'kilobytes' && kilobytes > limit.most)) throw new Problem('too_large', this.words.large);
    const now = new Date(this.clock.now());
    const found = await this.counts.look(this.limits.map((limit) => limit.key), now);
    this.refuseOver(found.map((count) => ({ ...count, hits: count.hits + (this.limitOf(count.key).counts === 'files' ? 1 : kilobytes) })), now);
  }

  /** Counts one file more. Throws 429. */
  async file(): Promise<void> {
    await this.take('files', 1);
  }

  /** Passes the bytes on while they are within the budget. Throws 429, and then has not counted what was refused. */
  async* pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.read += chunk.length;
      while (this.read > this.reserved * KB) {
        await this.take('kilobytes', STEP_KB);
        this.reserved += STEP_KB;
      }
      yield chunk;
    }
  }

  /** Gives back what was counted and not read. */
  async settle(): Promise<void> {
    const unread = this.reserved - Math.ceil(this.read / KB);
    this.reserved -= unread;
    if (unread > CRUMBS_KB) await this.count('kilobytes', -unread, new Date(this.clock.now()));
  }

  private async take(what: Limit['counts'], by: number): Promise<void> {
    const now = new Date(this.clock.now());
    const counted = await this.count(what, by, now);
    try {
      this.refuseOver(counted, now);
    } catch (error) {
      await this.count(what, -by, now);
      throw error;
    }
  }

  private count(what: Limit['counts'], by: number, now: Date): Promise<{ key: string; hits: number; resets_at: Date }[]> {
    const counting = this.limits.filter((limit) => limit.counts === what).map(({ key, seconds }) => ({ key, by, resetsAt: new Date(now.getTime() + seconds * 1_000) }));
    return counting.length === 0 ? Promise.resolve([]) : this.counts.countAll(counting, now);
  }

  private refuseOver(counts: readonly { key: string; hits: number; resets_at: Date }[], now: Date): void {
    const over = counts.filter((count) => count.hits > this.limitOf(count.key).most).sort((a, b) => b.resets_at.getTime() - a.resets_at.getTime())[0];
    if (!over) return;
    const retryAfter = Math.max(1, Math.ceil((over.resets_at.getTime() - now.getTime()) / 1_000));
    throw new Problem('too_many', this.words[this.limitOf(over.key).word], { retryAfter, body: { error_code: 'uploads_exhausted' } });
  }

  private limitOf(key: string): Limit {
    return this.limits.find((limit) => limit.key === key)!;
  }
}

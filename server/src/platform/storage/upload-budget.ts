import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import type { Log } from '../logging/log.js';
import type { ReservationRepository } from '../throttles/reservation.repository.js';
import type { Count, ThrottleRepository } from '../throttles/throttle.repository.js';
import type { RefusalWord } from './upload-refusals.words.js';

/** How much may come in under one key, and in how long. */
export interface Limit { key: string; most: number; seconds: number; counts: What; word: RefusalWord }
type What = 'files' | 'kilobytes';

/** What budgets work with. */
export interface BudgetTools { counts: ThrottleRepository; reservations: ReservationRepository; clock: Clock; log: Log }

const KB = 1_024;
/** Of a form whose length nobody announced so much is taken before it is read. */
const STEP_KB = KB;
/** What a process has taken is given back so long after it last said that it lives. */
const LEASE_MS = 180_000;
const RENEW_MS = 45_000;

/** What one request may still send. All it takes is a reservation, until it is kept or given back. */
export class UploadBudget {
  private readonly id = randomUUID();
  private readonly taken: Record<What, number> = { files: 0, kilobytes: 0 };
  private readonly used: Record<What, number> = { files: 0, kilobytes: 0 };
  private bytes = 0;
  private alive: NodeJS.Timeout | undefined;
  private taking: Promise<unknown> | undefined;

  /** `announced`: bytes that the whole form is going to have, if its head says so. */
  constructor(private readonly limits: readonly Limit[], private readonly announced: number | undefined, private readonly words: Record<RefusalWord, string>, private readonly tools: BudgetTools) {}

  /** Takes what a form with so many bytes of files will need, before it is read. Throws 413 for what never fits, 429 for what does not fit now. */
  async demandRoomFor(bytes: number): Promise<void> {
    if (Math.floor(bytes / KB) > this.mostKilobytes()) throw new Problem('too_large', this.words.large);
    await this.take({ files: 1, kilobytes: this.expected() });
  }

  /** Counts one file more. Throws 429. */
  async file(): Promise<void> {
    this.used.files++;
    await this.take({ files: this.used.files - this.taken.files, kilobytes: this.expected() - this.taken.kilobytes });
  }

  /** Passes the bytes on while they are within the budget. Throws 429, and then nothing of this request is counted any more. */
  async* pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.bytes += chunk.length;
      this.used.kilobytes = Math.ceil(this.bytes / KB);
      const missing = this.used.kilobytes - this.taken.kilobytes;
      if (missing > 0) await this.take({ files: 0, kilobytes: this.announced === undefined ? Math.max(missing, STEP_KB) : missing });
      yield chunk;
    }
  }

  /** What was read stays counted, the rest is given back. */
  async keep(): Promise<void> {
    if (!this.alive) return;
    this.rest();
    const there = await this.tools.reservations.settle(this.id, this.limits.map(({ key, counts }) => ({ key, amount: this.used[counts] })));
    // Taken for dead after standing still for minutes, or the database lost its counts: the files are here all the same.
    if (!there) await this.tools.counts.countAll(this.asking(this.used), this.now());
  }

  /** Nothing was kept of it. */
  async giveBack(): Promise<void> {
    // A file that could not be stored ends without waiting for what it was just about to take.
    await this.taking?.catch(() => undefined);
    if (!this.alive) return;
    this.rest();
    await this.tools.reservations.settle(this.id, []);
  }

  private async take(more: Record<What, number>): Promise<void> {
    const asked = this.asking(more);
    if (asked.length === 0) return;
    const now = this.now();
    this.alive ??= setInterval(() => this.renew(), RENEW_MS).unref();
    const taking = this.tools.reservations.take(this.id, asked, now, new Date(now.getTime() + LEASE_MS));
    this.taking = taking;
    const over = await taking;
    if (over.length > 0) throw this.refusal(over, now);
    this.taken.files += Math.max(0, more.files);
    this.taken.kilobytes += Math.max(0, more.kilobytes);
  }

  private asking(amounts: Record<What, number>): { key: string; by: number; most: number; resetsAt: Date }[] {
    return this.limits.filter(({ counts }) => amounts[counts] > 0)
      .map(({ key, most, seconds, counts }) => ({ key, by: amounts[counts], most, resetsAt: new Date(this.tools.clock.now() + seconds * 1_000) }));
  }

  /** The form's own lines are counted only when there is room for them too: a file as large as the budget fits. */
  private expected(): number {
    return this.announced === undefined ? 0 : Math.min(Math.floor(this.announced / KB), this.mostKilobytes());
  }

  private mostKilobytes(): number {
    return Math.min(...this.limits.filter(({ counts }) => counts === 'kilobytes').map(({ most }) => most));
  }

  private refusal(over: readonly Count[], now: Date): Problem {
    this.rest();
    const last = [...over].sort((a, b) => b.resets_at.getTime() - a.resets_at.getTime())[0]!;
    const retryAfter = Math.max(1, Math.ceil((last.resets_at.getTime() - now.getTime()) / 1_000));
    return new Problem('too_many', this.words[this.limits.find(({ key }) => key === last.key)!.word], { retryAfter, body: { error_code: 'uploads_exhausted' } });
  }

  private renew(): void {
    this.tools.reservations.renew([this.id], new Date(this.tools.clock.now() + LEASE_MS)).catch((error: unknown) => this.tools.log.warn('an upload could not say that it goes on', { error }));
  }

  private rest(): void {
    clearInterval(this.alive);
    this.alive = undefined;
  }

  private now(): Date {
    return new Date(this.tools.clock.now());
  }
}

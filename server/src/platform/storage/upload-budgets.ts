import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { ReservationRepository } from '../throttles/reservation.repository.js';
import { ThrottleRepository } from '../throttles/throttle.repository.js';
import { UploadBudget, type BudgetTools, type Limit } from './upload-budget.js';
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

/**
 * How much may come in as files: per visitor, network address, person and account, counted in the database so that all processes count together.
 * Bytes are taken before they are read, so uploads that run side by side share one budget, and as many of them succeed as fit.
 */
@Injectable()
export class UploadBudgets {
  private readonly tools: BudgetTools;

  constructor(@Inject(CONFIG) private readonly config: Config, counts: ThrottleRepository, reservations: ReservationRepository, clock: Clock, log: Log) {
    this.tools = { counts, reservations, clock, log };
  }

  /** The budget of one request, whose body has so many bytes if its head says so. Nothing is counted yet. */
  of(uploader: Uploader, announced: number | undefined): UploadBudget {
    return new UploadBudget(this.limitsOf(uploader), announced, refusalWords(uploader.language), this.tools);
  }

  /** Gives back what processes had taken that died in the middle. Whoever needs the room does not wait for this. */
  async sweep(): Promise<void> {
    await this.tools.reservations.expire(new Date(this.tools.clock.now()));
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

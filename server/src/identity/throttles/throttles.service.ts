import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../../platform/clock/clock.js';
import { Problem } from '../../platform/http/problem.js';
import { ThrottleRepository } from '../../platform/throttles/throttle.repository.js';

/** How often something may be tried within so many seconds. */
export interface Throttle { name: string; tries: number; seconds: number }

/**
 * Counts tries in the database, so that all processes count together. A try is counted before it is judged, or parallel guesses
 * would all slip through; what turned out well is given back.
 */
@Injectable()
export class Throttles {
  constructor(private readonly repository: ThrottleRepository, private readonly clock: Clock) {}

  /** Counts one try of this subject (an address, a person). Throws 429 with the seconds to wait when there were too many. */
  async take(throttle: Throttle, subject: string): Promise<void> {
    const now = this.clock.now();
    const { hits, resets_at } = await this.repository.count(keyOf(throttle, subject), new Date(now), new Date(now + throttle.seconds * 1000));
    if (hits <= throttle.tries) return;
    const retryAfter = Math.max(1, Math.ceil((resets_at.getTime() - now) / 1000));
    throw new Problem('too_many', 'Too many attempts. Please wait a while and try again.', { retryAfter });
  }

  /**
   * Counts one try that is never refused for long: beyond the limit there must only be a pause between tries, twice as long each time. A refused try
   * neither counts nor makes the pause longer. Throws 429 with the seconds that are left.
   */
  async slow(throttle: Throttle, pace: { name: string; longest: number }, subject: string): Promise<void> {
    const now = this.clock.now();
    const { hits } = await this.repository.count(keyOf(throttle, subject), new Date(now), new Date(now + throttle.seconds * 1000));
    if (hits <= throttle.tries) return;
    try {
      await this.take({ name: pace.name, tries: 1, seconds: Math.min(pace.longest, 2 ** (hits - throttle.tries - 1)) }, subject);
    } catch (error) {
      await this.giveBack(throttle, subject);
      throw error;
    }
  }

  /** Takes one try back that turned out well. */
  giveBack(throttle: Throttle, subject: string): Promise<void> {
    return this.repository.countDown(keyOf(throttle, subject));
  }

  /** Forgets all tries of this subject. */
  clear(throttle: Throttle, subject: string): Promise<void> {
    return this.repository.delete(keyOf(throttle, subject));
  }
}

// Hashed: the table must not become a list of addresses.
const keyOf = (throttle: Throttle, subject: string): string => `${throttle.name}:${createHash('sha256').update(subject).digest('base64url')}`;

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Keyring, randomToken } from '../../platform/crypto/keyring.js';

const PURPOSE = 'widget';
const DAY = 24 * 60 * 60;
/** A browser that stays away for so long is a stranger again. */
const IDLE_SECONDS = 30 * DAY;

/** What a visitor's token says: which identity on which inbox. Until somebody writes, no row stands behind it. */
export interface VisitorToken {
  sourceId: string;
  /** Older than a day: the holder should get a fresh one. */
  stale: boolean;
}

interface Payload { s: string; i: number; iat: number; exp: number }

/** Tokens that visitors' browsers keep. Signed, so nothing has to be stored for people who only look. */
@Injectable()
export class VisitorTokens {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  newSourceId(): string {
    return randomToken(18);
  }

  issue(inboxId: number, sourceId: string): string {
    const now = Math.floor(this.clock.now() / 1000);
    return this.keyring.sign(PURPOSE, { s: sourceId, i: inboxId, iat: now, exp: now + IDLE_SECONDS } satisfies Payload);
  }

  /** Undefined for a forged or expired token, or one of another inbox. */
  read(token: string, inboxId: number): VisitorToken | undefined {
    if (token.length > 1000) return undefined;
    const payload = this.keyring.verify<Payload>(PURPOSE, token);
    const now = this.clock.now() / 1000;
    if (!payload || payload.i !== inboxId || payload.exp <= now) return undefined;
    return { sourceId: payload.s, stale: now - payload.iat > DAY };
  }
}

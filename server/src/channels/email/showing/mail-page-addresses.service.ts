import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { Keyring } from '../../../platform/crypto/keyring.js';
import { notFound, Problem } from '../../../platform/http/problem.js';

/** What of a mail a page shows. */
export interface MailPageName { accountId: number; conversationId: number; messageId: number; whole: boolean; pictures: boolean }

/** As with files: within each half hour an address is the same, and it works for half an hour to an hour. */
const BUCKET_SECONDS = 30 * 60;
const PAGE = 'mail page';
interface PageToken { a: number; c: number; m: number; w: 0 | 1; p: 0 | 1; e: number }

/** Makes and checks the addresses that mails are shown by. Having one is the right to look, so they expire. */
@Injectable()
export class MailPageAddresses {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  page({ accountId, conversationId, messageId, whole, pictures }: MailPageName): string {
    return `/mail-pages/${this.keyring.sign(PAGE, { a: accountId, c: conversationId, m: messageId, w: whole ? 1 : 0, p: pictures ? 1 : 0, e: this.expiry() } satisfies PageToken)}`;
  }

  /** Throws Problem `not_found` for a forged address, `gone` for an expired one. */
  readPage(token: string): MailPageName & { secondsLeft: number } {
    const payload = this.keyring.verify<PageToken>(PAGE, token);
    if (!payload) throw notFound();
    const { a, c, m, w, p, e } = payload;
    return { accountId: a, conversationId: c, messageId: m, whole: w === 1, pictures: p === 1, secondsLeft: this.secondsLeft(e) };
  }

  private expiry(): number {
    return (Math.floor(this.clock.now() / 1000 / BUCKET_SECONDS) + 2) * BUCKET_SECONDS;
  }

  private secondsLeft(expires: number): number {
    const left = Math.floor(expires - this.clock.now() / 1000);
    if (left <= 0) throw new Problem('gone', 'This address has expired. Open the conversation again to get a new one.');
    return left;
  }
}

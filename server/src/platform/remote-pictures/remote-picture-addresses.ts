import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Keyring } from '../crypto/keyring.js';
import { notFound, Problem } from '../http/problem.js';

/** As with files: within each half hour an address is the same, and it works for half an hour to an hour. */
const BUCKET_SECONDS = 30 * 60;
const PURPOSE = 'remote picture';
interface PictureToken { a: number; u: string; e: number }

/** Makes and checks our own addresses of pictures elsewhere. Having one is the right to have it fetched, so they expire. */
@Injectable()
export class RemotePictureAddresses {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  of(accountId: number, address: string): string {
    const expires = (Math.floor(this.clock.now() / 1000 / BUCKET_SECONDS) + 2) * BUCKET_SECONDS;
    return `/remote-pictures/${this.keyring.sign(PURPOSE, { a: accountId, u: address, e: expires } satisfies PictureToken)}`;
  }

  /** Throws Problem `not_found` for a forged address, `gone` for an expired one. */
  read(token: string): { accountId: number; address: string; secondsLeft: number } {
    const payload = this.keyring.verify<PictureToken>(PURPOSE, token);
    if (!payload) throw notFound();
    const secondsLeft = Math.floor(payload.e - this.clock.now() / 1000);
    if (secondsLeft <= 0) throw new Problem('gone', 'This address has expired. Open the conversation again to get a new one.');
    return { accountId: payload.a, address: payload.u, secondsLeft };
  }
}

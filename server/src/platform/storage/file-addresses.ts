import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Keyring } from '../crypto/keyring.js';
import { Problem } from '../http/problem.js';

/** A stored file that somebody may be shown. */
export interface AddressedFile { accountId: number; storageKey: string; fileName: string; contentType: string }

/** An address works for half an hour to an hour; within each half hour it is the same, so that browsers keep the file and lists do not flicker. */
const BUCKET_SECONDS = 30 * 60;
const PURPOSE = 'file address';

interface Token { a: number; k: string; t: string; e: number }

/** Makes and checks the addresses files are fetched by. Having one is the right to fetch, so they expire. */
@Injectable()
export class FileAddresses {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  /** A path for whoever may see the file just now. It gets its origin where it leaves. */
  url(file: AddressedFile): string {
    return `/files/${this.sign({ a: file.accountId, k: file.storageKey, t: file.contentType })}/${encodeURIComponent(file.fileName)}`;
  }

  /** A path that was made earlier for this account, working again. What we never made, or for another account, stays as it is: people may write any path into what is told. */
  renewed(path: string, accountId: number): string {
    const [, folder, token, name] = path.split('/');
    const known = folder === 'files' && token !== undefined ? this.keyring.verify<Token>(PURPOSE, token) : undefined;
    return known?.a === accountId ? `/files/${this.sign({ a: known.a, k: known.k, t: known.t })}/${name}` : path;
  }

  /** What an address names and how many seconds it still works. Throws Problem `not_found` for a forged one, `gone` for an expired one. */
  read(token: string): { accountId: number; storageKey: string; contentType: string; secondsLeft: number } {
    const payload = this.keyring.verify<Token>(PURPOSE, token);
    // The key names its account too: a token can never lead across.
    if (!payload || !payload.k.startsWith(`${payload.a}/`)) throw new Problem('not_found', 'Resource could not be found');
    const secondsLeft = Math.floor(payload.e - this.clock.now() / 1000);
    if (secondsLeft <= 0) throw new Problem('gone', 'This address has expired. Open the conversation again to get a new one.');
    return { accountId: payload.a, storageKey: payload.k, contentType: payload.t, secondsLeft };
  }

  private sign(file: Omit<Token, 'e'>): string {
    const expires = (Math.floor(this.clock.now() / 1000 / BUCKET_SECONDS) + 2) * BUCKET_SECONDS;
    return this.keyring.sign(PURPOSE, { ...file, e: expires } satisfies Token);
  }
}

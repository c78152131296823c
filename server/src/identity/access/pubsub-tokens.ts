import { Injectable } from '@nestjs/common';
import { Keyring } from '../../platform/crypto/keyring.js';

/** A person, and the session or API token that speaks for them. */
export interface Speaker { readonly userId: number; readonly sessionId?: number; readonly tokenId?: number }

/** Who may listen for ever would outlive every sign-out, so there is no such token. */
const NOBODY = '';

/**
 * `pubsub_token`: what a phone subscribes with. It stands on the session or API token that it was shown to and ends with it, so a new password,
 * signing out and signing out everywhere else need no list of their own.
 */
@Injectable()
export class PubsubTokens {
  constructor(private readonly keyring: Keyring) {}

  issue({ userId, sessionId, tokenId }: Speaker): string {
    return sessionId === undefined && tokenId === undefined ? NOBODY : this.keyring.sign('pubsub', { u: userId, s: sessionId, t: tokenId });
  }

  /** Whom it stands for, or undefined when it is forged. Whether the session or token is still good is the caller's to check. */
  read(token: string): Speaker | undefined {
    const found = this.keyring.verify<{ u: number; s?: number; t?: number }>('pubsub', token);
    return found && { userId: found.u, sessionId: found.s, tokenId: found.t };
  }
}

import { Injectable } from '@nestjs/common';
import { Log } from '../../platform/logging/log.js';

/** What just lost its right: some sessions, or everything of some people (removed, or given another role). */
export interface Revocation { sessionIds: number[]; userIds: number[] }

/**
 * Tells this process at once what was revoked, so that sockets close. A hint: other processes find out by asking
 * `Authenticator.stillValid` and `membershipsOf` every few seconds.
 */
@Injectable()
export class SessionRevocations {
  private readonly listeners = new Set<(revocation: Revocation) => void>();

  constructor(private readonly log: Log) {}

  /** Calls back on every revocation until the returned function is called. */
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Call it after the commit. */
  tell(revocation: Partial<Revocation>): void {
    for (const listener of this.listeners) {
      try {
        listener({ sessionIds: [], userIds: [], ...revocation });
      } catch (error) {
        this.log.error('a listener for revoked sessions failed', { error });
      }
    }
  }
}

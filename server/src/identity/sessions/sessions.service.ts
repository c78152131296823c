import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { randomToken, tokenHash } from '../../platform/crypto/keyring.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { notFound } from '../../platform/http/problem.js';
import { SESSION_LIFE, type SessionKind } from './session-kind.js';
import { SessionRepository, type SessionRow } from './session.repository.js';
import { SessionRevocations } from './session-revocations.js';

/** Where a session is used from. */
export interface Device { userAgent: string | undefined; ipAddress: string }
/** A session just opened. The secret is known now and never again. */
export interface OpenedSession { id: number; secret: string; clientId: string; expiresAt: Date }

const MOST_USER_AGENT = 400;

/** Opens, lists and ends sessions. */
@Injectable()
export class Sessions {
  constructor(
    private readonly repository: SessionRepository, private readonly revocations: SessionRevocations,
    private readonly clock: Clock, @Inject(CONFIG) private readonly config: Config,
  ) {}

  async open(userId: number, kind: SessionKind, device: Device): Promise<OpenedSession> {
    const secret = randomToken(32);
    const clientId = randomToken(16);
    const now = this.clock.date();
    const expiresAt = new Date(now.getTime() + SESSION_LIFE[kind]);
    const userAgent = device.userAgent?.slice(0, MOST_USER_AGENT).toWellFormed() ?? null;
    const id = await this.repository.insert({ userId, kind, tokenHash: tokenHash(secret), clientId: kind === 'headers' ? clientId : null, userAgent, ipAddress: device.ipAddress, now, expiresAt });
    const dropped = await this.repository.trim(userId, now);
    if (dropped.length > 0) this.revocations.tell({ sessionIds: dropped });
    return { id, secret, clientId, expiresAt };
  }

  list(userId: number): Promise<SessionRow[]> {
    return this.repository.list(userId, this.clock.date(), new Date(this.clock.now() - this.config.SESSION_IDLE_MINUTES * 60_000));
  }

  /** Ends one session of this person. Throws when it is not theirs. */
  async end(userId: number, id: number): Promise<void> {
    if (!await this.repository.delete(userId, id)) throw notFound();
    this.revocations.tell({ sessionIds: [id] });
  }

  /** Ends the session with this secret, if there is one: a browser that signs in anew gives its old session up. */
  async endBySecret(secret: string): Promise<void> {
    const id = await this.repository.deleteByHash(tokenHash(secret));
    if (id !== undefined) this.revocations.tell({ sessionIds: [id] });
  }

  /** Ends all sessions of a person but one, with the transaction that gives the reason. */
  async endOthers(tx: SystemTx, userId: number, keep?: number): Promise<void> {
    const sessionIds = await this.repository.deleteOthers(tx, userId, keep);
    tx.afterCommit(() => this.revocations.tell({ sessionIds }));
  }
}

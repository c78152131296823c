import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { demandSameOrigin } from '../access/same-origin.policy.js';
import { clearSessionCookie, sessionCookie, setSessionCookie } from '../sessions/session-cookie.js';
import type { SessionKind } from '../sessions/session-kind.js';
import { Sessions, type OpenedSession } from '../sessions/sessions.service.js';
import type { User } from '../users/user.dto.js';
import { UserPresenter } from '../users/user.presenter.js';
import { KnownDevices } from './known-devices.service.js';
import type { SignInAnswer } from './sign-in.dto.js';
import type { SignInOutcome } from './sign-in.service.js';

/** Hands a proven person their session: a cookie for browsers, three headers for programs and phones. */
@Injectable()
export class SessionDoor {
  constructor(private readonly sessions: Sessions, private readonly presenter: UserPresenter, private readonly devices: KnownDevices, @Inject(CONFIG) private readonly config: Config) {}

  /** Call it before anything is proven: another site must not sign a browser in either. */
  demandOwnPage(request: FastifyRequest, wanted: SessionKind): void {
    if (wanted === 'cookie') demandSameOrigin(this.config, request);
  }

  /** Opens the session, or asks for the second factor with 206. */
  async answer(request: FastifyRequest, reply: FastifyReply, wanted: SessionKind, outcome: SignInOutcome): Promise<SignInAnswer> {
    if ('mfaToken' in outcome) {
      void reply.status(206);
      return { mfa_required: true, mfa_token: outcome.mfaToken };
    }
    if (wanted === 'cookie') return this.renew(request, reply, outcome.userId);
    const session = await this.open(request, wanted, outcome.userId);
    const data = await this.presenter.present({ userId: outcome.userId, sessionId: session.id });
    const expiry = String(Math.floor(session.expiresAt.getTime() / 1000));
    void reply.header('access-token', session.secret).header('token-type', 'Bearer').header('client', session.clientId).header('expiry', expiry).header('uid', data.uid);
    return { data };
  }

  /** A session with a secret of its own in place of the one the browser came with. */
  async renew(request: FastifyRequest, reply: FastifyReply, userId: number): Promise<{ data: User }> {
    const session = await this.open(request, 'cookie', userId);
    const data = await this.presenter.present({ userId, sessionId: session.id });
    await this.leave(request);
    setSessionCookie(this.config, request, reply, session.secret);
    this.devices.remember(request, reply, userId);
    return { data };
  }

  private open(request: FastifyRequest, kind: SessionKind, userId: number): Promise<OpenedSession> {
    return this.sessions.open(userId, kind, { userAgent: request.headers['user-agent'], ipAddress: request.ip });
  }

  /** Ends the session of the request's own cookie, if any. */
  async leave(request: FastifyRequest): Promise<void> {
    const old = sessionCookie(this.config, request.headers.cookie);
    if (old !== undefined) await this.sessions.endBySecret(old);
  }

  clearCookie(request: FastifyRequest, reply: FastifyReply): void {
    clearSessionCookie(this.config, request, reply);
  }
}

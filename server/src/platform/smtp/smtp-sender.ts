import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { lookup } from 'node:dns/promises';
import { CONFIG, type Config } from '../config/config.js';
import { AddressGuard, AddressRefused } from '../outbound-http/address-guard.js';
import { serverKey, type SmtpFailure, type SmtpMail, type SmtpOutcome, type SmtpServer } from './smtp-server.js';
import { SmtpSession } from './smtp-session.js';

const PATIENCE = { connect: 10_000, answer: 60_000 };
/** Ports on which mail is handed in. */
const PORTS = [25, 465, 587, 2525];
/** Connections to one server with one sign-in at the same time. */
const AT_ONCE = 4;
const MAILS_PER_CONNECTION = 100;
const IDLE_MS = 5_000;

interface Pool { idle: { session: SmtpSession; timer: NodeJS.Timeout }[]; busy: number; waiting: (() => void)[] }

/** Hands mail to SMTP servers over connections that are kept for a moment. Never throws. */
@Injectable()
export class SmtpSender implements OnApplicationShutdown {
  private readonly pools = new Map<string, Pool>();
  private readonly ownName: string;

  constructor(private readonly guard: AddressGuard, @Inject(CONFIG) config: Config) {
    this.ownName = config.PUBLIC_URL === undefined ? 'localhost' : new URL(config.PUBLIC_URL).hostname;
  }

  /** Hands over one mail, once. */
  async send(server: SmtpServer, mail: SmtpMail): Promise<SmtpOutcome> {
    const pool = this.poolOf(server);
    if (pool.busy >= AT_ONCE) await new Promise<void>((resolve) => { pool.waiting.push(resolve); });
    pool.busy += 1;
    try {
      return await this.sendOver(pool, server, mail);
    } finally {
      pool.busy -= 1;
      pool.waiting.shift()?.();
      this.forgetIfEmpty(server, pool);
    }
  }

  /** Connects and signs in without sending anything. Undefined when that works. */
  async check(server: SmtpServer): Promise<SmtpFailure | undefined> {
    const opened = await this.open(server);
    if (!(opened instanceof SmtpSession)) return opened;
    opened.close();
    return undefined;
  }

  private async sendOver(pool: Pool, server: SmtpServer, mail: SmtpMail): Promise<SmtpOutcome> {
    const kept = this.takeIdle(pool);
    if (kept) {
      const outcome = await kept.send(mail);
      // A kept connection may have been closed by the server meanwhile; then nothing was written, and a new one is tried.
      if (!(outcome.kind === 'refused' && outcome.code === undefined)) return this.done(pool, server, kept, outcome);
    }
    const session = await this.open(server);
    if (!(session instanceof SmtpSession)) return { kind: 'refused', ...session };
    return this.done(pool, server, session, await session.send(mail));
  }

  private async open(server: SmtpServer): Promise<SmtpSession | SmtpFailure> {
    try {
      const addresses = server.trusted ? await lookup(server.host, { all: true, verbatim: true }) : await this.guard.resolveService(server.host, server.port, PORTS);
      if (server.security === 'none' && !server.trusted && !this.guard.isNamed(server.host)) return { stage: 'address', permanent: true, reason: 'The connection must be encrypted.' };
      return await SmtpSession.open(server, addresses.map(({ address }) => address), this.ownName, PATIENCE);
    } catch (error) {
      if (error instanceof AddressRefused) return { stage: 'address', permanent: true, reason: error.message };
      const { code } = error as NodeJS.ErrnoException;
      return { stage: 'connect', permanent: false, reason: code === 'ENOTFOUND' ? 'There is no server of that name.' : 'The name of the server could not be looked up.' };
    }
  }

  private done(pool: Pool, server: SmtpServer, session: SmtpSession, outcome: SmtpOutcome): SmtpOutcome {
    if (!session.usable || session.mails >= MAILS_PER_CONNECTION) {
      session.close();
      return outcome;
    }
    const timer = setTimeout(() => {
      pool.idle = pool.idle.filter((one) => one.session !== session);
      session.close();
      this.forgetIfEmpty(server, pool);
    }, IDLE_MS);
    timer.unref();
    pool.idle.push({ session, timer });
    return outcome;
  }

  private takeIdle(pool: Pool): SmtpSession | undefined {
    for (;;) {
      const kept = pool.idle.pop();
      if (!kept) return undefined;
      clearTimeout(kept.timer);
      if (kept.session.usable) return kept.session;
    }
  }

  private poolOf(server: SmtpServer): Pool {
    const key = serverKey(server);
    const pool = this.pools.get(key) ?? { idle: [], busy: 0, waiting: [] };
    this.pools.set(key, pool);
    return pool;
  }

  private forgetIfEmpty(server: SmtpServer, pool: Pool): void {
    if (pool.idle.length === 0 && pool.busy === 0 && pool.waiting.length === 0) this.pools.delete(serverKey(server));
  }

  onApplicationShutdown(): void {
    for (const pool of this.pools.values()) {
      for (const { session, timer } of pool.idle) {
        clearTimeout(timer);
        session.close();
      }
    }
  }
}

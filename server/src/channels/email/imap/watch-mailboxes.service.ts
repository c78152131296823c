import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { InboxLookup } from '../../../inboxes/inbox-lookup.service.js';
import { channelInbox } from '../../../inboxes/inbox.presenter.js';
import type { InboxRow } from '../../../inboxes/inboxes.repository.js';
import { Clock } from '../../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { accountId } from '../../../platform/database/account-id.js';
import { Log } from '../../../platform/logging/log.js';
import { AddressGuard } from '../../../platform/outbound-http/address-guard.js';
import { MailAccessTokens } from '../accounts/mail-access-tokens.service.js';
import { ReceiveMail } from '../receiving/receive-mail.service.js';
import { inWords, MailboxUnreachable, troubleOf } from './imap-connection.js';
import { MailboxSession } from './mailbox-session.js';
import { MailboxesRepository } from './mailboxes.repository.js';

const LOOK_MS = 2_000;
const RENEW_MS = 15_000;
/** One process reads so many mailboxes; the others are for other processes. */
const AT_MOST = 300;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PAUSES = [5 * SECOND, 15 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE];
/** Trying a wrong password often gets an account locked. */
const PERMANENT_PAUSES = [MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE];

interface Watched { row: InboxRow; key: string; session: MailboxSession; ended: Promise<void>; renewedAt: number }

/** Keeps one connection to every mailbox, over all processes: whoever holds a mailbox's lease reads it, and the others wait until it is free. */
@Injectable()
export class WatchMailboxes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly holder = randomUUID();
  private readonly watched = new Map<string, Watched>();
  /** Runs while nobody looks. */
  private timer?: NodeJS.Timeout;
  private wanted = false;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly mailboxes: MailboxesRepository, private readonly inboxes: InboxLookup, private readonly guard: AddressGuard, private readonly tokens: MailAccessTokens, private readonly receiving: ReceiveMail,
    private readonly clock: Clock, private readonly log: Log, @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.PROCESS_ROLES.includes('worker')) return;
    this.again();
  }

  /** Looks at once: somebody changed an inbox and waits for what comes of it. */
  lookNow(): void {
    this.wanted = true;
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.again();
  }

  private again(): void {
    [this.timer, this.wanted] = [undefined, false];
    this.looking = this.look().catch((error: unknown) => this.log.warn('mailboxes could not be looked at', { error: (error as Error).message }))
      .then(() => { if (!this.stopped) this.timer = setTimeout(() => this.again(), this.wanted ? 0 : LOOK_MS); });
  }

  private async look(): Promise<void> {
    for (const watched of [...this.watched.values()]) await this.renew(watched);
    if (this.watched.size >= AT_MOST) return;
    for (const row of await this.mailboxes.free(this.clock.date(), AT_MOST - this.watched.size)) {
      const key = `${row.account_id}-${row.id}`;
      if (this.stopped || this.watched.has(key)) continue;
      if (await this.mailboxes.lease(accountId(row.account_id), row.id, this.holder)) this.start(row, key);
    }
  }

  private start(row: InboxRow, key: string): void {
    const inbox = channelInbox(row, this.inboxes.secretsOf(row));
    const session = new MailboxSession(inbox, { guard: this.guard, tokens: this.tokens, mailboxes: this.mailboxes, receiving: this.receiving, clock: this.clock });
    const ended = session.run().then(() => true, (error: unknown) => this.note(row, error as Error).then(() => false)).then(async (wasStopped) => {
      this.watched.delete(key);
      await this.mailboxes.release(accountId(row.account_id), row.id, this.holder).catch(() => undefined);
      if (wasStopped) this.lookNow();
    });
    this.watched.set(key, { row, key, session, ended, renewedAt: Date.now() });
  }

  private async renew(watched: Watched): Promise<void> {
    const { row, session } = watched;
    const current = await this.inboxes.byId(accountId(row.account_id), row.id);
    // Switched off, deleted, or with other settings: the next look begins anew.
    if (!current || settingsOf(current) !== settingsOf(row)) return session.stop();
    if (Date.now() - watched.renewedAt < RENEW_MS) return;
    if (await this.mailboxes.lease(accountId(row.account_id), row.id, this.holder)) watched.renewedAt = Date.now();
    else session.stop();
  }

  private async note(row: InboxRow, error: Error): Promise<void> {
    const pauses = error instanceof MailboxUnreachable && error.permanent ? PERMANENT_PAUSES : PAUSES;
    const host = String(row.channel_config['imap_address'] ?? '');
    const trouble = error instanceof MailboxUnreachable ? { reason: error.message, ...error.trouble, ended: error.ended } : { reason: inWords(error), ...troubleOf(error, host), ended: false };
    this.log.debug('a mailbox could not be read', { inbox: row.id, error: error.message });
    await this.mailboxes.failed(accountId(row.account_id), row.id, this.clock.date(), trouble, (failures) => new Date(this.clock.now() + pauses[Math.min(failures, pauses.length) - 1]!))
      .catch((problem: unknown) => this.log.warn('a mailbox\'s trouble could not be noted', { error: (problem as Error).message }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    const all = [...this.watched.values()];
    for (const { session } of all) session.stop();
    await Promise.all(all.map(({ ended }) => ended));
  }
}

const settingsOf = (row: InboxRow): string => createHash('sha256').update(JSON.stringify([row.channel_config, row.channel_secrets])).digest('hex');

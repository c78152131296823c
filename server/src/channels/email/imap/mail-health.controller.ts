import { Controller, Get, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { AdministratorOnly, CurrentMember } from '../../../identity/access/access.decorators.js';
import type { Member } from '../../../identity/access/principal.js';
import { InboxesRepository } from '../../../inboxes/inboxes.repository.js';
import { Clock } from '../../../platform/clock/clock.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers, answersEmpty, seconds } from '../../../platform/http/answers.js';
import { notFound } from '../../../platform/http/problem.js';
import { pathId } from '../../../platform/http/schema-fields.js';
import { PROBLEMS } from '../accounts/mail-problem.js';
import { MailboxesRepository } from './mailboxes.repository.js';
import { WatchMailboxes } from './watch-mailboxes.service.js';

const at = seconds.nullable();
/** The kind of trouble, for words in the reader's language; `error` is a sentence about it. */
const problem = z.enum(PROBLEMS).nullable();
const MailHealth = z.object({
  /** Since when the provider lets nobody in before the mailbox is connected again; null while all is well. */
  permission_ended_at: at,
  fetching: z.object({ state: z.enum(['off', 'connected', 'waiting', 'failing']), connected_at: at, last_fetch_at: at, last_mail_at: at, error: z.string().nullable(), problem, said: z.string().nullable(), error_at: at, next_try_at: at, failures: z.int() }),
  reading: z.object({ waiting: z.int(), oldest_at: at, lag_seconds: z.int(), to_repair: z.int() }),
  /** Mails that came quietly because there were too many, from one sender or altogether; none within the last day is null. */
  flood: z.object({ mails: z.int(), last_at: seconds, sender: z.string().nullable() }).nullable(),
  sending: z.object({ last_sent_at: at, error: z.string().nullable(), problem, error_at: at, failures: z.int() }),
}).meta({ id: 'MailHealth' });

const DAY_MS = 86_400_000;
const secondsOf = (date: Date | null): number | null => date && Math.floor(date.getTime() / 1000);

/** How a mail inbox does: when it was read last, what waits, what went wrong. */
@Controller('api/v1/accounts/:account_id/inboxes/:inbox_id/mail_health')
export class MailHealthController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxesRepository, private readonly mailboxes: MailboxesRepository, private readonly watch: WatchMailboxes, private readonly clock: Clock) {}

  @Get()
  @AdministratorOnly()
  @answers(MailHealth)
  show(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number): Promise<z.infer<typeof MailHealth>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const inbox = await this.inboxes.find(tx, inboxId);
      const health = inbox && await this.mailboxes.health(tx, inboxId);
      if (!inbox || !health) throw notFound();
      const state = inbox.channel_config['imap_enabled'] !== true ? 'off' : health.fetch_error !== null ? 'failing' : health.connected_at !== null ? 'connected' : 'waiting';
      return {
        permission_ended_at: secondsOf(health.permission_ended_at),
        fetching: {
          state, connected_at: secondsOf(health.connected_at), last_fetch_at: secondsOf(health.last_fetch_at), last_mail_at: secondsOf(health.last_mail_at), error: health.fetch_error, problem: health.fetch_problem, said: health.fetch_said,
          error_at: secondsOf(health.fetch_error_at), next_try_at: secondsOf(health.next_try_at), failures: health.failures,
        },
        reading: {
          waiting: health.unread + health.waiting, oldest_at: secondsOf(health.oldest_unread_at), to_repair: health.failed,
          lag_seconds: health.oldest_unread_at ? Math.max(0, Math.floor((this.clock.now() - health.oldest_unread_at.getTime()) / 1000)) : 0,
        },
        flood: health.flooded_at && health.flooded_at.getTime() > this.clock.now() - DAY_MS ? { mails: health.flooded_mails, last_at: secondsOf(health.flooded_at)!, sender: health.flooded_by } : null,
        sending: { last_sent_at: secondsOf(health.last_sent_at), error: health.send_error, problem: health.send_problem, error_at: secondsOf(health.send_error_at), failures: health.send_failures },
      };
    });
  }

  /** Looks into the mailbox now, whatever pause was left. */
  @Post('retry')
  @AdministratorOnly()
  @answersEmpty()
  async retry(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.inboxes.find(tx, inboxId)) throw notFound();
      await this.mailboxes.tryNow(tx, inboxId);
    });
    // When it is another process that reads, that one looks within moments.
    this.watch.lookNow();
  }
}

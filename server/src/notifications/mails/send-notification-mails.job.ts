import { Inject, Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { PeoplePresence } from '../../identity/users/people-presence.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import { kindOf } from '../notification-kinds.js';
import { notificationTitle } from '../notification.words.js';
import { NotificationMailsRepository, type DueLine, type MailRecipient } from './mails.repository.js';
import { TurnOffMails } from './turn-off-mails.service.js';
import { writeNotificationMail } from './write-notification-mail.js';

/** Who has the dashboard open is given so long to see it there; a window forgotten over night does not keep mails back. */
const SEEN_WITHIN_MS = 15 * 60_000;
const LOOK_AGAIN_MS = 3 * 60_000;

/** Writes mails of what people have not seen, all that waits in one. */
@Injectable()
@RunsJob({ name: 'send-notification-mails', everyMs: 60_000 })
export class SendNotificationMails implements Job {
  constructor(
    private readonly system: SystemWork, private readonly unitOfWork: UnitOfWork, private readonly mails: NotificationMailsRepository, private readonly presence: PeoplePresence,
    private readonly mailer: Mailer, private readonly turningOff: TurnOffMails, private readonly clock: Clock, private readonly log: Log, @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.date();
    for (const { account_id, user_id } of await this.system.run((tx) => this.mails.due(tx, now))) {
      // One mailbox that takes nothing must not keep the others from being told; the next run tries again.
      await this.tell(accountId(account_id), user_id, now).catch((error: unknown) => this.log.warn('a notification mail was not sent', { account_id, user_id, error }));
    }
  }

  private async tell(account: AccountId, userId: number, now: Date): Promise<void> {
    const { lines, to } = await this.unitOfWork.run(account, async (tx) => ({ lines: await this.mails.lines(tx, userId), to: await this.mails.recipient(tx, userId) }));
    if (to && lines.length > 0) {
      const isHere = (await this.presence.present(account, [userId])).has(userId);
      const oldest = Math.min(...lines.map((line) => line.created_at.getTime()));
      if (isHere && now.getTime() - oldest < SEEN_WITHIN_MS) return this.unitOfWork.run(account, (tx) => this.mails.postpone(tx, userId, new Date(now.getTime() + LOOK_AGAIN_MS)));
      await this.send(account, userId, to, lines);
    }
    const newest = new Date(Math.max(now.getTime(), ...lines.map((line) => line.created_at.getTime())));
    await this.unitOfWork.run(account, (tx) => this.mails.settle(tx, userId, newest));
  }

  private async send(account: AccountId, userId: number, to: MailRecipient, lines: DueLine[]): Promise<void> {
    const dashboard = `${publicUrl(this.config)}/app/accounts/${account}`;
    await this.mailer.send({
      to: { name: to.name, address: to.email }, unsubscribe: this.turningOff.link(account, userId),
      ...writeNotificationMail({
        locale: to.locale, name: to.name, account: to.account_name, preferencesLink: this.turningOff.preferencesLink(account),
        lines: lines.map((line) => ({ title: notificationTitle(to.locale, kindOf(line.kind), { id: line.display_id, inbox: line.inbox_name }), link: `${dashboard}/conversations/${line.display_id}` })),
      }),
    });
  }
}

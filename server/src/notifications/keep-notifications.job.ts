import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import { RunsJob, type Job } from '../delivery/job.js';
import { Clock } from '../platform/clock/clock.js';
import { accountId } from '../platform/database/account-id.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import './notification.events.js';
import { NotificationsRepository } from './notifications.repository.js';

/** Brings snoozed notifications back when their time has come. */
@Injectable()
@RunsJob({ name: 'wake-notifications', everyMs: 30_000 })
export class WakeNotifications implements Job {
  constructor(private readonly system: SystemWork, private readonly notifications: NotificationsRepository, private readonly events: Events, private readonly clock: Clock) {}

  async run(): Promise<void> {
    await this.system.run(async (tx) => {
      for (const row of await this.notifications.awake(tx, this.clock.date())) {
        await this.events.append(this.system.within(tx, accountId(row.account_id)),
          { type: 'notification.updated', conversationId: row.conversation_id, payload: { notification_id: row.id, user_id: row.user_id } });
      }
    });
  }
}

/** Nobody looks through the notifications of last year. */
@Injectable()
@RunsJob({ name: 'trim-notifications', everyMs: 6 * 3_600_000 })
export class TrimNotifications implements Job {
  constructor(private readonly system: SystemWork, private readonly notifications: NotificationsRepository, private readonly clock: Clock) {}

  async run(): Promise<void> {
    await this.system.run((tx) => this.notifications.trim(tx, this.clock.date()));
  }
}

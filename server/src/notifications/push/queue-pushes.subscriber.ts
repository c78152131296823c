import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Jobs } from '../../delivery/job.js';
import { ProcessedEvents } from '../../delivery/processed-events.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { DevicesRepository } from '../devices/devices.repository.js';
import '../notification.events.js';
import { hasFlag, kindOf } from '../notification-kinds.js';
import { NotificationsRepository } from '../notifications.repository.js';
import { NotificationSettingsRepository } from '../settings/settings.repository.js';
import { DRAIN_PUSHES, drainOf } from './drain-pushes.job.js';
import { PushMessagesRepository } from './push-messages.repository.js';

const NAME = 'queue-pushes';

/** Writes down which devices are to be told of a notification, for who wants to hear of such things there, and starts telling them. */
@Injectable()
@Subscribes({
  name: NAME, reaches: 'outside', hears: ['notification.created'],
  when: `EXISTS (SELECT FROM notification_subscriptions s WHERE s.user_id = (event.payload->>'user_id')::bigint AND s.kind = 1)`,
})
export class QueuePushes implements Subscriber<'notification.created'> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly processed: ProcessedEvents, private readonly notifications: NotificationsRepository, private readonly settings: NotificationSettingsRepository,
    private readonly devices: DevicesRepository, private readonly messages: PushMessagesRepository, private readonly jobs: Jobs, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<'notification.created'>): Promise<void> {
    const browsers = await this.devices.browsersOf(event.payload.user_id);
    if (browsers.length === 0) return;
    const queued = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      if (!await this.processed.firstTime(tx, event, NAME)) return false;
      // Told anew since, or not theirs to see any more.
      const [row] = await this.notifications.byIds(tx, [event.payload.notification_id]);
      if (!row || !hasFlag((await this.settings.of(tx, row.user_id)).push_flags, kindOf(row.kind))) return false;
      await this.messages.add(tx, browsers, { conversationId: row.conversation_id, notificationId: row.id, at: row.created_at, dueAt: this.clock.date() });
      return true;
    });
    if (queued) await this.jobs.addAll(DRAIN_PUSHES, browsers.map((subscriptionId) => drainOf({ accountId: event.account_id, subscriptionId })));
  }
}

import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Pushes, type Frame, type RealtimeSource } from '../realtime/realtime-source.js';
import './notification.events.js';
import { NotificationPresenter } from './notification.presenter.js';
import { NotificationsRepository } from './notifications.repository.js';

type Pushed = 'notification.created' | 'notification.updated' | 'notification.deleted' | 'notifications.changed';
const UNREAD = { read: false, snoozed: false };

/** Tells each person of their own notifications, with how many wait. */
@Injectable()
@Pushes('notification.created', 'notification.updated', 'notification.deleted', 'notifications.changed')
export class NotificationsRealtime implements RealtimeSource<Pushed> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly notifications: NotificationsRepository, private readonly presenter: NotificationPresenter) {}

  frames(account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return this.unitOfWork.run(accountId(account), async (tx) => {
      const ids = events.flatMap((event) => (event.type === 'notification.created' || event.type === 'notification.updated' ? [event.payload.notification_id] : []));
      const shown = new Map((await this.presenter.list(tx, await this.notifications.byIds(tx, ids))).map((one) => [one.id, one]));
      const counts = new Map<number, { unread_count: number; count: number }>();
      for (const userId of new Set(events.map((event) => event.payload.user_id))) {
        const { unread, all } = await this.notifications.counts(tx, userId, UNREAD);
        counts.set(userId, { unread_count: unread, count: all });
      }
      return new Map(events.flatMap((event): [number, Frame[]][] => {
        const { user_id: userId } = event.payload;
        const audience = { to: 'user', userId } as const;
        if (event.type === 'notifications.changed') return [[event.id, [{ audience, event: event.type, data: counts.get(userId)! }]]];
        const { notification_id: id } = event.payload;
        const notification = event.type === 'notification.deleted' ? { id } : shown.get(id);
        return notification ? [[event.id, [{ audience, event: event.type, data: { notification, ...counts.get(userId)! } }]]] : [];
      }));
    });
  }
}

import { Module } from '@nestjs/common';
import { DeskModule } from '../conversations/desk/desk.module.js';
import { DevicesController } from './devices/devices.controller.js';
import { DevicesRepository } from './devices/devices.repository.js';
import { TrimNotifications, WakeNotifications } from './keep-notifications.job.js';
import { NotificationMailsRepository } from './mails/mails.repository.js';
import { SendNotificationMails } from './mails/send-notification-mails.job.js';
import { DrainPushes, SweepPushes } from './push/drain-pushes.job.js';
import { PushKeysRepository } from './push/push-keys.repository.js';
import { PushMessagesRepository } from './push/push-messages.repository.js';
import { QueuePushes } from './push/queue-pushes.subscriber.js';
import { SendPush } from './push/send-push.service.js';
import { TurnOffMailsController } from './mails/turn-off-mails.controller.js';
import { TurnOffMails } from './mails/turn-off-mails.service.js';
import { NotificationPresenter } from './notification.presenter.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsRealtime } from './notifications.realtime.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotifyPeople } from './notify-people.subscriber.js';
import { RecipientsDirectory } from './recipients-directory.js';
import { NotificationSettingsController } from './settings/settings.controller.js';
import { NotificationSettingsRepository } from './settings/settings.repository.js';

/** Telling people what concerns them, the way they want to be told. */
@Module({
  imports: [DeskModule],
  controllers: [NotificationsController, NotificationSettingsController, DevicesController, TurnOffMailsController],
  providers: [
    NotificationsRepository, NotificationPresenter, RecipientsDirectory, NotificationsRealtime, NotifyPeople, WakeNotifications, TrimNotifications,
    NotificationSettingsRepository, DevicesRepository, NotificationMailsRepository, SendNotificationMails, TurnOffMails,
    PushKeysRepository, PushMessagesRepository, QueuePushes, SendPush, DrainPushes, SweepPushes,
  ],
})
export class NotificationsModule {}

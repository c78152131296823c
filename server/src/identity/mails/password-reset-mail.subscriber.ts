import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { MailLinks } from './mail-links.service.js';

@Subscribes({ name: 'password-reset-mail', reaches: 'outside', hears: ['user.password_reset_requested'] })
@Injectable()
export class PasswordResetMail implements Subscriber<'user.password_reset_requested'> {
  constructor(private readonly links: MailLinks) {}

  async handle(event: StoredEvent<'user.password_reset_requested'>): Promise<void> {
    await this.links.send({ kind: 'reset', eventId: event.id, accountId: event.account_id, userId: event.payload.user_id });
  }
}

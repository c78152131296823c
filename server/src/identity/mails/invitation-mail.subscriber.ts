import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { MailLinks } from './mail-links.service.js';

@Subscribes({ name: 'invitation-mail', reaches: 'outside', hears: ['agent.invited'] })
@Injectable()
export class InvitationMail implements Subscriber<'agent.invited'> {
  constructor(private readonly links: MailLinks) {}

  async handle(event: StoredEvent<'agent.invited'>): Promise<void> {
    await this.links.send({ kind: 'invitation', eventId: event.id, accountId: event.account_id, userId: event.payload.user_id, inviterId: event.payload.inviter_id });
  }
}

import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { TemplatePort } from '../../channels/contract/ports.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { isOpen } from '../../inboxes/working-hours.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Status } from '../conversation-codes.js';
import '../conversation.events.js';
import { askForEmail } from './automatic-messages.words.js';
import { AutomaticMessagesRepository, type Occasion } from './automatic-messages.repository.js';

type Heard = 'conversation.created' | 'conversation.status_changed';

/** Greets who begins a conversation, says when nobody is there, and asks for an address where the browser is the only way back. */
@Injectable()
@Subscribes({ name: 'automatic-messages', hears: ['conversation.created', 'conversation.status_changed'] })
export class AutomaticMessagesSubscriber implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: AutomaticMessagesRepository, private readonly templates: TemplatePort,
    private readonly channels: ChannelRegistry, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    const begins = event.type === 'conversation.created';
    // A contact who writes again in what was resolved comes like a new visitor; whatever colleagues do has their id on it.
    if (!begins && !(event.actor_id === null && event.payload.from === Status.resolved && event.payload.to === Status.open)) return;
    const conversationId = event.conversation_id!;
    const occasion = await this.unitOfWork.run(accountId(event.account_id), (tx) => this.repository.occasion(tx, conversationId));
    if (!occasion) return;
    const say = (key: string, content: string, contentType?: 'input_email'): Promise<boolean> => this.templates.post(event.account_id, conversationId, { key, content, contentType });
    if (begins && occasion.greeting_enabled && occasion.greeting_message) await say('greeting', occasion.greeting_message);
    if (occasion.out_of_office_message && !isOpen(occasion, this.clock.date())) await say(`away-${this.today(occasion.timezone)}`, occasion.out_of_office_message);
    if (begins && this.asksForEmail(occasion)) await say('email', askForEmail(occasion.browser_language, occasion.account_locale), 'input_email');
  }

  /** Once a day is enough to say that nobody is there. */
  private today(timezone: string): string {
    return new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(this.clock.date());
  }

  private asksForEmail(occasion: Occasion): boolean {
    return occasion.enable_email_collect && !occasion.has_email && (this.channels.get(occasion.channel_type).capabilities.asksForEmail ?? false);
  }
}

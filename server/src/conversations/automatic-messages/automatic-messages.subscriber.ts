import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
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
import { PostTemplate, type Template } from './post-template.service.js';
import { inInboxWhere } from '../../inboxes/event-inbox.sql.js';

type Heard = 'conversation.created' | 'conversation.status_changed' | 'message.created';

const SPEAKS = 'inbox.greeting_enabled OR inbox.working_hours_enabled';
/** A gateway begins its conversations like a colleague, and hands in then what the contact writes. */
const HANDED_IN = `event.type = 'message.created' AND ${inInboxWhere(`inbox.channel_type = 'api' AND (${SPEAKS})`)}
  AND EXISTS (SELECT FROM messages m WHERE m.account_id = event.account_id AND m.conversation_id = event.conversation_id AND m.id = (event.payload->>'message_id')::bigint AND m.message_type = 0)`;

/** Greets who begins a conversation, says when nobody is there, and then asks for an address where the browser is the only way back. */
@Injectable()
@Subscribes({
  name: 'automatic-messages', reaches: 'outside', hears: ['conversation.created', 'conversation.status_changed', 'message.created'],
  when: `event.actor_id IS NULL AND (event.type <> 'message.created' AND ${inInboxWhere(SPEAKS)} OR ${HANDED_IN})`,
})
export class AutomaticMessagesSubscriber implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: AutomaticMessagesRepository, private readonly templates: PostTemplate,
    private readonly channels: ChannelRegistry, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    // Whatever colleagues do has their id on it.
    if (event.actor_id !== null) return;
    // A contact who writes again in what was resolved comes like a new visitor.
    if (event.type === 'conversation.status_changed' && !(event.payload.from === Status.resolved && event.payload.to === Status.open)) return;
    await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const written = event.type === 'message.created' ? await this.repository.talk(tx, event.conversation_id!, event.payload.message_id) : undefined;
      // Nobody has to say that nobody is there while somebody answers.
      if (written?.is_answered_now) return;
      const begins = event.type === 'conversation.created' || written?.is_beginning === true;
      const occasion = await this.repository.occasion(tx, event.conversation_id!);
      for (const template of occasion ? this.templatesFor(occasion, begins) : []) await this.templates.post(tx, event.conversation_id!, template);
    });
  }

  private templatesFor(occasion: Occasion, begins: boolean): Template[] {
    const templates: Template[] = [];
    // Two programs that answer each other never end by themselves.
    if (occasion.answers_program || occasion.said_lately >= (this.channels.get(occasion.channel_type).capabilities.automaticAnswersPerHour ?? Infinity)) return templates;
    if (begins && occasion.greeting_enabled && occasion.greeting_message) templates.push({ key: 'greeting', content: occasion.greeting_message });
    const closed = !isOpen(occasion, this.clock.date());
    // Once a day is enough to say that nobody is there.
    if (closed && occasion.out_of_office_message) templates.push({ key: `away-${this.today(occasion.timezone)}`, content: occasion.out_of_office_message });
    // Who writes while somebody is there wants an answer, not a form.
    if (begins && closed && this.asksForEmail(occasion)) templates.push({ key: 'email', content: askForEmail(occasion.browser_language, occasion.account_locale), contentType: 'input_email' });
    return templates;
  }

  private today(timezone: string): string {
    return new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(this.clock.date());
  }

  private asksForEmail(occasion: Occasion): boolean {
    return occasion.enable_email_collect && !occasion.has_email && (this.channels.get(occasion.channel_type).capabilities.asksForEmail ?? false);
  }
}

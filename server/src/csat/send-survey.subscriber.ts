import { Inject, Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import { PostTemplate } from '../conversations/automatic-messages/post-template.service.js';
import { Status } from '../conversations/conversation-codes.js';
import '../conversations/conversation.events.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import type { StoredEvent } from '../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../delivery/subscriber.js';
import { asksConversation } from '../inboxes/csat-config.dto.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { publicUrl } from '../platform/config/public-url.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { languageOf, questionIn } from './csat.words.js';
import { surveyLink } from './survey-link.js';
import { SurveysRepository } from './surveys.repository.js';
import { inInboxWhere } from '../inboxes/event-inbox.sql.js';

/** Asks the contact how it was when their conversation is resolved: once in a conversation, in the thread where that can be answered there, else by a link. */
@Injectable()
@Subscribes({ name: 'send-csat-survey', reaches: 'outside', hears: ['conversation.status_changed'], when: inInboxWhere('inbox.csat_survey_enabled') })
export class SendSurvey implements Subscriber<'conversation.status_changed'> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly surveys: SurveysRepository, private readonly conversations: ConversationsRepository, private readonly templates: PostTemplate,
    private readonly channels: ChannelRegistry, @Inject(CONFIG) private readonly config: Config,
  ) {}

  async handle(event: StoredEvent<'conversation.status_changed'>): Promise<void> {
    const conversationId = event.conversation_id;
    if (event.payload.to !== Status.resolved || conversationId === null) return;
    await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      // The lock comes first, so that what is asked about cannot change before it is asked.
      if (!await this.conversations.lockById(tx, conversationId)) return;
      const occasion = await this.surveys.occasion(tx, conversationId);
      if (!occasion || !asksConversation(occasion.csat_config, occasion.labels ?? [])) return;
      const question = occasion.csat_config.message?.trim() || questionIn(languageOf(occasion.browser_language, occasion.account_locale));
      const inThread = this.channels.get(occasion.channel_type).capabilities.asksInThread ?? false;
      const posted = await this.templates.post(tx, conversationId, {
        key: 'csat', content: inThread ? question : `${question}\n\n${surveyLink(publicUrl(this.config), occasion.uuid)}`, contentType: 'input_csat',
        contentAttributes: { display_type: occasion.csat_config.display_type ?? 'emoji' },
      });
      if (!posted) return;
      const { inbox_id, assignee_id: assigned_agent_id, team_id } = occasion;
      await this.surveys.insert(tx, { conversationId, messageId: posted.id, at: posted.at, inbox_id, assigned_agent_id, team_id });
    });
  }
}

import { Module } from '@nestjs/common';
import { VisitorAuthenticator } from '../../realtime/visitor-authenticator.js';
import { IdentifyVisitor } from './identify-visitor.service.js';
import { NoteSighting } from './note-sighting.service.js';
import { WidgetSocketAuthenticator } from './visitor-authenticator.service.js';
import { VisitorGuard } from './visitor.guard.js';
import { VisitorThread } from './visitor-thread.service.js';
import { VisitorTokens } from './visitor-tokens.service.js';
import { VisitorsRepository } from './visitors.repository.js';
import { WebChatChannel } from './web-chat.channel.js';
import { WidgetContactController } from './widget-contact.controller.js';
import { WidgetConversationsController } from './widget-conversations.controller.js';
import { WidgetLabelsController } from './widget-labels.controller.js';
import { WidgetLimits } from './widget-limits.service.js';
import { WidgetMessagesController } from './widget-messages.controller.js';
import { WidgetPageController } from './widget-page.controller.js';
import { WidgetController } from './widget.controller.js';
import { WidgetPresenter } from './widget.presenter.js';

/** Chat on a website: its settings, its page and its own small API. */
@Module({
  controllers: [WidgetPageController, WidgetController, WidgetContactController, WidgetConversationsController, WidgetMessagesController, WidgetLabelsController],
  providers: [
    WebChatChannel, VisitorTokens, VisitorGuard, VisitorsRepository, IdentifyVisitor, NoteSighting, VisitorThread, WidgetLimits, WidgetPresenter,
    { provide: VisitorAuthenticator, useClass: WidgetSocketAuthenticator },
  ],
  exports: [WebChatChannel],
})
export class WebChatModule {}

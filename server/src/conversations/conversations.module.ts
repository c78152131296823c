import { Global, Module } from '@nestjs/common';
import { AnswersPort, IngestPort, VisitorThreadPort } from '../channels/contract/ports.js';
import { ActivityLines } from './activity/activity-lines.service.js';
import { AttachmentsModule } from './attachments/attachments.module.js';
import { ConversationsRealtime } from './conversations.realtime.js';
import { ConversationsRepository } from './conversations.repository.js';
import { OutboundQueue } from './delivery/outbound-queue.js';
import { IngestRepository } from './ingest/ingest.repository.js';
import { IngestMessage } from './ingest/ingest.service.js';
import { ChangeStatus } from './lifecycle/change-status.service.js';
import { LifecycleRepository } from './lifecycle/lifecycle.repository.js';
import { WakeSnoozed } from './lifecycle/wake-snoozed.job.js';
import { MessagePresenter } from './messages/message.presenter.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesRealtime } from './messages/messages.realtime.js';
import { MessagesRepository } from './messages/messages.repository.js';
import { PostMessage } from './messages/post-message.service.js';
import { ConversationPresenter } from './queries/conversation.presenter.js';
import { ConversationReader } from './queries/conversation-reader.js';
import { ConversationsController } from './queries/conversations.controller.js';
import { CountsRepository } from './queries/counts.repository.js';
import { FoldConversationCounts } from './queries/fold-counts.job.js';
import { LabelIds } from './queries/label-ids.js';
import { ListConversationsService } from './queries/list-conversations.service.js';
import { VisitorThreadRepository } from './visitor-thread/visitor-thread.repository.js';
import { SubmitAnswer, VisitorThreads } from './visitor-thread/visitor-thread.service.js';

/** Conversations: what comes in, what we write, what is done with them, and how they are read. */
@Global()
@Module({
  imports: [AttachmentsModule],
  controllers: [ConversationsController, MessagesController],
  providers: [
    ConversationsRepository, MessagesRepository, MessagePresenter, PostMessage, OutboundQueue,
    IngestRepository, IngestMessage, { provide: IngestPort, useExisting: IngestMessage },
    ActivityLines, LifecycleRepository, ChangeStatus, WakeSnoozed, MessagesRealtime, ConversationsRealtime,
    VisitorThreadRepository, VisitorThreads, { provide: VisitorThreadPort, useExisting: VisitorThreads },
    { provide: AnswersPort, useClass: SubmitAnswer },
    ConversationReader, ConversationPresenter, LabelIds, CountsRepository, ListConversationsService, FoldConversationCounts,
  ],
  exports: [IngestPort, VisitorThreadPort, AnswersPort, ConversationsRepository, MessagesRepository, MessagePresenter, ConversationReader, ConversationPresenter],
})
export class ConversationsModule {}

import { Global, Module } from '@nestjs/common';
import { AnswersPort, ContactWritesPort, IngestPort, StatusPort, VisitorThreadPort } from '../channels/contract/ports.js';
import { ActOnConversation } from './act-on-conversation.service.js';
import { ActivityLines } from './activity/activity-lines.service.js';
import { AssignConversation } from './assignment/assign-conversation.service.js';
import { AssignmentRepository } from './assignment/assignment.repository.js';
import { AssignmentsController } from './assignment/assignments.controller.js';
import { AssignByTurn } from './assignment/automatic/assign-by-turn.service.js';
import { HandOutWaiting } from './assignment/automatic/hand-out-waiting.job.js';
import { ReleaseLost } from './assignment/automatic/release-lost.subscriber.js';
import { TakeTurns } from './assignment/automatic/take-turns.subscriber.js';
import { TurnsRepository } from './assignment/automatic/turns.repository.js';
import { ForgetTeam } from './assignment/forget-team.subscriber.js';
import { AttachmentsModule } from './attachments/attachments.module.js';
import { AutomaticMessagesRepository } from './automatic-messages/automatic-messages.repository.js';
import { AutomaticMessagesSubscriber } from './automatic-messages/automatic-messages.subscriber.js';
import { PostTemplate } from './automatic-messages/post-template.service.js';
import { ConversationsRealtime } from './conversations.realtime.js';
import { ConversationsRepository } from './conversations.repository.js';
import { OutboundQueue } from './delivery/outbound-queue.js';
import { EraseConversations } from './erasure/erase-conversations.service.js';
import { EraseInboxes } from './erasure/erase-inboxes.job.js';
import { ErasureController } from './erasure/erasure.controller.js';
import { ErasureRepository } from './erasure/erasure.repository.js';
import { IngestRepository } from './ingest/ingest.repository.js';
import { ReportStatus } from './ingest/report-status.service.js';
import { IngestMessage } from './ingest/ingest.service.js';
import { FormPatterns } from './interactive/form-patterns.js';
import { TakeInteractive } from './interactive/take-interactive.service.js';
import { ConversationLabelsController } from './labels/conversation-labels.controller.js';
import { ConversationLabelsRepository } from './labels/conversation-labels.repository.js';
import { ForgetLabel } from './labels/forget-label.subscriber.js';
import { LabelConversation } from './labels/label-conversation.service.js';
import { ChangePriority } from './lifecycle/change-priority.service.js';
import { ChangeStatus } from './lifecycle/change-status.service.js';
import { CreateConversationService } from './lifecycle/create-conversation.service.js';
import { FirstStatus } from './lifecycle/first-status.service.js';
import { LifecycleController } from './lifecycle/lifecycle.controller.js';
import { LifecycleRepository } from './lifecycle/lifecycle.repository.js';
import { MuteContact } from './lifecycle/mute-contact.service.js';
import { OpenLeft } from './lifecycle/open-left.subscriber.js';
import { QuietConversationsRepository } from './lifecycle/quiet-conversations.repository.js';
import { ResolveQuiet } from './lifecycle/resolve-quiet.job.js';
import { WakeSnoozed } from './lifecycle/wake-snoozed.job.js';
import { ChangeMessage } from './messages/change-message.service.js';
import { MessagePresenter } from './messages/message.presenter.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesRealtime } from './messages/messages.realtime.js';
import { MessagesRepository } from './messages/messages.repository.js';
import { PostMessage } from './messages/post-message.service.js';
import { ContactConversationsController } from './queries/contact-conversations.controller.js';
import { ConversationPresenter } from './queries/conversation.presenter.js';
import { ConversationReader } from './queries/conversation-reader.js';
import { ConversationsController } from './queries/conversations.controller.js';
import { SetSizes } from './filters/set-sizes.repository.js';
import { CountsRepository } from './queries/counts.repository.js';
import { FoldConversationCounts } from './queries/fold-counts.job.js';
import { FoundConversations } from './queries/found-conversations.repository.js';
import { LabelIds } from './queries/label-ids.js';
import { ListConversationsService } from './queries/list-conversations.service.js';
import { ReadPushedConversations } from './queries/read-pushed-conversations.js';
import { PersonalDataController } from './personal-data/personal-data.controller.js';
import { PersonalDataRepository } from './personal-data/personal-data.repository.js';
import { PushedConversations } from '../realtime/cable/pushed-conversations.js';
import { ReadsController } from './reads/reads.controller.js';
import { ReadsRepository } from './reads/reads.repository.js';
import { SearchModule } from './search/search.module.js';
import { QuestionKinds } from './visitor-thread/question-kinds.js';
import { VisitorThreadRepository } from './visitor-thread/visitor-thread.repository.js';
import { SubmitAnswer, VisitorThreads } from './visitor-thread/visitor-thread.service.js';
import { WriteAsContact } from './visitor-thread/write-as-contact.service.js';

/** Conversations: what comes in, what we write, what is done with them, and how they are read. */
@Global()
@Module({
  imports: [AttachmentsModule, SearchModule],
  controllers: [
    LifecycleController, ConversationsController, MessagesController, AssignmentsController, ConversationLabelsController, ReadsController, ContactConversationsController, ErasureController, PersonalDataController,
  ],
  providers: [
    ConversationsRepository, MessagesRepository, MessagePresenter, PostMessage, ChangeMessage, OutboundQueue,
    IngestRepository, IngestMessage, { provide: IngestPort, useExisting: IngestMessage }, { provide: StatusPort, useClass: ReportStatus },
    ActOnConversation, ActivityLines, LifecycleRepository, ChangeStatus, ChangePriority, MuteContact, CreateConversationService, FirstStatus, OpenLeft, WakeSnoozed, QuietConversationsRepository, ResolveQuiet,
    AssignmentRepository, AssignConversation, ForgetTeam, TurnsRepository, AssignByTurn, TakeTurns, HandOutWaiting, ReleaseLost, ConversationLabelsRepository, LabelConversation, ForgetLabel, ReadsRepository,
    ErasureRepository, EraseConversations, EraseInboxes, PersonalDataRepository, MessagesRealtime, ConversationsRealtime,
    AutomaticMessagesRepository, PostTemplate, AutomaticMessagesSubscriber,
    VisitorThreadRepository, VisitorThreads, QuestionKinds, FormPatterns, TakeInteractive, { provide: VisitorThreadPort, useExisting: VisitorThreads },
    { provide: ContactWritesPort, useClass: WriteAsContact }, SubmitAnswer, { provide: AnswersPort, useExisting: SubmitAnswer }, { provide: PushedConversations, useClass: ReadPushedConversations },
    ConversationReader, ConversationPresenter, FoundConversations, LabelIds, CountsRepository, SetSizes, ListConversationsService, FoldConversationCounts,
  ],
  exports: [
    PostTemplate, QuestionKinds, SubmitAnswer, EraseConversations,
    ActOnConversation, ActivityLines, AssignConversation, LabelConversation, ChangeStatus, ChangePriority, MuteContact, PostMessage, LifecycleRepository,
    IngestPort, ContactWritesPort, StatusPort, VisitorThreadPort, AnswersPort, ConversationsRepository, MessagesRepository, MessagePresenter, ConversationReader, ConversationPresenter,
  ],
})
export class ConversationsModule {}

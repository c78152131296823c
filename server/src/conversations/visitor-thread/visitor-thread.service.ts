import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { AnswersPort, VisitorThreadPort, type VisitorConversation } from '../../channels/contract/ports.js';
import { Events } from '../../delivery/events.js';
import { LabelsRepository } from '../../inboxes/labels.repository.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound, unprocessable } from '../../platform/http/problem.js';
import { ConversationPlaces } from '../../realtime/conversation-places.js';
import { Typing } from '../../realtime/typing.service.js';
import { CONTENT_TYPES, MessageType, secondsOf, Status, STATUSES } from '../conversation-codes.js';
import { conversationChanges } from '../conversation-changes.js';
import '../conversation.events.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { LabelConversation } from '../labels/label-conversation.service.js';
import { ChangeStatus } from '../lifecycle/change-status.service.js';
import { messageChanges } from '../messages/message-changes.js';
import { MessagePresenter } from '../messages/message.presenter.js';
import { MessagesRepository, type MessageRow } from '../messages/messages.repository.js';
import { QuestionKinds, type Question } from './question-kinds.js';
import { VisitorThreadRepository, type OwnConversationRow } from './visitor-thread.repository.js';

/** What contacts read and do in their own conversations. The channel has checked that the conversation is theirs. */
@Injectable()
export class VisitorThreads extends VisitorThreadPort {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly threads: VisitorThreadRepository, private readonly messageRows: MessagesRepository, private readonly presenter: MessagePresenter,
    private readonly events: Events, private readonly places: ConversationPlaces, private readonly typists: Typing,
    private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus, private readonly labels: LabelsRepository, private readonly labelling: LabelConversation,
  ) {
    super();
  }

  current(account: number, contactInboxId: number): Promise<VisitorConversation | undefined> {
    return this.run(account, async (tx) => {
      const row = await this.threads.current(tx, contactInboxId);
      return row && presentOwn(row);
    });
  }

  hasBegun(account: number, inboxId: number, sourceId: string): Promise<boolean> {
    return this.run(account, (tx) => this.threads.hasBegun(tx, inboxId, sourceId));
  }

  all(account: number, contactInboxId: number): Promise<VisitorConversation[]> {
    return this.run(account, async (tx) => (await this.threads.all(tx, contactInboxId)).map(presentOwn));
  }

  byNumber(account: number, contactInboxId: number, displayId: number): Promise<VisitorConversation | undefined> {
    return this.run(account, async (tx) => {
      const row = await this.threads.byNumber(tx, contactInboxId, displayId);
      return row && presentOwn(row);
    });
  }

  messages(account: number, conversationId: number, page: { before?: number; after?: number }): Promise<Record<string, unknown>[]> {
    return this.run(account, async (tx) => {
      const displayId = await this.threads.displayId(tx, conversationId);
      if (displayId === undefined) return [];
      return (await this.messageRows.thread(tx, conversationId, page, 'contact')).map((row) => ({ ...this.presenter.toContact(row, displayId) }));
    });
  }

  message(account: number, conversationId: number, messageId: number): Promise<Record<string, unknown> | undefined> {
    return this.run(account, (tx) => this.show(tx, conversationId, messageId));
  }

  async markSeen(account: number, conversationId: number): Promise<void> {
    await this.run(account, async (tx) => {
      if (await this.threads.markSeen(tx, conversationId)) await this.events.append(tx, { type: 'conversation.read', conversationId, payload: { by: 'contact' } });
    });
  }

  async resolve(account: number, conversationId: number): Promise<void> {
    await this.run(account, async (tx) => {
      const conversation = await this.conversations.lockById(tx, conversationId);
      if (!conversation) throw notFound();
      await this.statuses.change(tx, conversation, Status.resolved, null, { contactName: conversation.contact_name });
    });
  }

  open(account: number, inboxId: number, contactInboxId: number, attributes: { additional?: Record<string, unknown>; custom?: Record<string, unknown> }): Promise<VisitorConversation> {
    return this.run(account, async (tx) => {
      const only = await this.threads.onlyOne(tx, inboxId, contactInboxId);
      if (only) return presentOwn(only);
      const row = await this.threads.open(tx, inboxId, contactInboxId, attributes.additional, attributes.custom);
      if (!row) throw notFound();
      await this.events.append(tx, { type: 'conversation.created', conversationId: row.id, payload: { display_id: row.display_id } });
      return presentOwn(row);
    });
  }

  async mergeCustomAttributes(account: number, conversationId: number, set: Record<string, unknown>, remove: string[]): Promise<void> {
    await this.run(account, async (tx) => {
      const written = await this.threads.mergeCustomAttributes(tx, conversationId, set, remove);
      if (!written) throw unprocessable('This conversation has too many attributes already.');
      await this.events.append(tx, { type: 'conversation.updated', conversationId, payload: { changed: ['custom_attributes'], changes: conversationChanges(written.before, written.after) } });
    });
  }

  async typing(account: number, conversationId: number, on: boolean): Promise<void> {
    const displayId = await this.run(account, (tx) => this.threads.displayId(tx, conversationId));
    const place = displayId === undefined ? undefined : await this.places.byDisplayId(account, displayId);
    if (place) await this.typists.set(account, place, { contact: true }, on);
  }

  label(account: number, conversationId: number, title: string, on: boolean): Promise<boolean> {
    return this.run(account, async (tx) => {
      const conversation = await this.conversations.lockById(tx, conversationId);
      if (!conversation) throw notFound();
      if (!await this.labels.exists(tx, title)) return false;
      await this.labelling.change(tx, conversation, on ? { add: [title] } : { remove: [title] }, { name: conversation.contact_name });
      return true;
    });
  }

  /** A public message as the contact sees it. */
  async show(tx: Tx, conversationId: number, messageId: number): Promise<Record<string, unknown> | undefined> {
    const displayId = await this.threads.displayId(tx, conversationId);
    return displayId === undefined ? undefined : this.showIn(tx, { conversationId, displayId, messageId });
  }

  /** The same where the conversation's number is known. */
  async showIn(tx: Tx, { conversationId, displayId, messageId }: { conversationId: number; displayId: number; messageId: number }): Promise<Record<string, unknown> | undefined> {
    const row = await this.messageRows.find(tx, conversationId, messageId);
    return row && isPublic(row) ? { ...this.presenter.toContact(row, displayId) } : undefined;
  }

  private run<T>(account: number, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(accountId(account), work);
  }
}

type Answer = { submitted_values?: unknown; submitted_email?: string };
/** Kinds of questions whose answer has no form that we know. */
const OPEN_QUESTIONS = ['input_text', 'input_textarea', 'integrations'];

/** Keeps what contacts answer to questions in their thread. */
@Injectable()
export class SubmitAnswer extends AnswersPort {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly threads: VisitorThreadRepository, private readonly conversations: ConversationsRepository, private readonly shown: VisitorThreads,
    private readonly kinds: QuestionKinds, private readonly events: Events,
  ) {
    super();
  }

  submit(account: number, conversationId: number, messageId: number, answer: Answer): Promise<Record<string, unknown> | undefined> {
    return this.unitOfWork.run(accountId(account), async (tx) => {
      const question = await this.conversations.lockById(tx, conversationId) && await this.threads.question(tx, conversationId, messageId);
      if (!question) return undefined;
      const before = question.content_attributes ?? {};
      const given = await this.taken(tx, CONTENT_TYPES[question.content_type]!, { conversationId, messageId, attributes: before }, answer);
      // The same answer once more is none: two presses on a button, or one request that was sent again.
      if (Object.entries(given).some(([key, value]) => !isDeepStrictEqual(before[key], value))) {
        const written = (await this.threads.submit(tx, conversationId, messageId, given))!;
        await this.events.append(tx, { type: 'message.updated', conversationId, payload: { message_id: messageId, changes: messageChanges(written.before, written.after) } });
      }
      return this.shown.show(tx, conversationId, messageId);
    });
  }

  private async taken(tx: Tx, contentType: string, question: Question, { submitted_values: values, submitted_email: email }: Answer): Promise<Record<string, unknown>> {
    if (contentType === 'input_email') {
      if (email === undefined) throw invalid('submitted_email', 'is missing');
      return { submitted_email: email };
    }
    const kind = this.kinds.of(contentType);
    if (kind) return { submitted_values: await kind.take(tx, question, values) };
    if (!OPEN_QUESTIONS.includes(contentType) || values === undefined) throw unprocessable('This message does not ask for that.');
    return { submitted_values: values };
  }
}

const isPublic = (row: MessageRow): boolean => !row.private && row.message_type !== MessageType.activity;

function presentOwn(row: OwnConversationRow): VisitorConversation {
  return {
    id: row.id, displayId: row.display_id, uuid: row.uuid, status: STATUSES[row.status]!, contactLastSeenAt: secondsOf(row.contact_last_seen_at),
    agentLastSeenAt: secondsOf(row.agent_last_seen_at), customAttributes: row.custom_attributes ?? {},
  };
}

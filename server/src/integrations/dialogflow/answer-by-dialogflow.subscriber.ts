import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { ConversationsRepository, type ConversationRow } from '../../conversations/conversations.repository.js';
import { ChangeStatus } from '../../conversations/lifecycle/change-status.service.js';
import { PostMessage } from '../../conversations/messages/post-message.service.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { inInboxWhere } from '../../inboxes/event-inbox.sql.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Problem } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { HooksRepository, type HookRow } from '../apps/hooks.repository.js';
import { KeepHooks } from '../apps/keep-hooks.service.js';
import type { DialogflowStep } from './dialogflow-steps.js';
import { DialogflowClient, type DialogflowOutcome, type Said } from './dialogflow.client.js';
import { DialogflowRepository } from './dialogflow.repository.js';

type Heard = 'message.created' | 'message.updated';

/** Somebody waits: after so long people take over from a Google that does not answer, in ms. */
const PATIENCE_MS = 20_000;
const US = { name: 'Dialogflow' };
/** A file, say. */
const NOTHING_TO_READ: DialogflowOutcome = { kind: 'not_understood', reason: 'There is no text in it.' };

/** Lets Dialogflow answer what is pending in its inboxes, until it hands over, fails, or a person takes it. */
@Injectable()
@Subscribes({ name: 'answer-by-dialogflow', reaches: 'outside', when: inInboxWhere('inbox.has_answering_hook'), hears: ['message.created', 'message.updated'] })
export class AnswerByDialogflow implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly hooks: HooksRepository, private readonly keep: KeepHooks, private readonly dialogs: DialogflowRepository, private readonly dialogflow: DialogflowClient,
    private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus, private readonly posting: PostMessage, private readonly clock: Clock, private readonly log: Log,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    const asked = await this.unitOfWork.run(accountId(event.account_id), (tx) => this.asked(tx, event));
    if (!asked) return;
    const { hook, said } = asked;
    const outcome = said ? await this.ask(hook, said) : NOTHING_TO_READ;
    // Thrown so that the job is tried again.
    if (outcome.kind === 'busy' && this.clock.now() - event.created_at.getTime() < PATIENCE_MS) throw new Error(`Dialogflow does not answer: ${outcome.reason}`);
    if (outcome.kind !== 'answered') this.log.warn('Dialogflow did not answer; people take over', { account_id: event.account_id, hook_id: hook.id, reason: outcome.reason });
    // Apart: the inbox is not locked while a conversation is.
    if (outcome.kind === 'refused') await this.unitOfWork.run(accountId(event.account_id), (tx) => this.keep.stop(tx, hook, outcome.reason));
    await this.unitOfWork.run(accountId(event.account_id), (tx) => this.act(tx, event, outcome));
  }

  private ask(hook: HookRow, said: Said): Promise<DialogflowOutcome> {
    const { project_id: project, region } = hook.settings;
    return this.dialogflow.ask({ project: String(project), region: region as string | undefined, credentials: this.hooks.secretsOf(hook)['credentials'] }, said);
  }

  private async asked(tx: Tx, event: StoredEvent<Heard>): Promise<{ hook: HookRow; said: Said | undefined } | undefined> {
    if (event.type === 'message.updated' && !isChoice(event as StoredEvent<'message.updated'>)) return undefined;
    const question = await this.dialogs.question(tx, event.conversation_id!, event.payload.message_id, event.type === 'message.created' ? 'written' : 'chosen');
    if (!question || await this.dialogs.isAnswered(tx, event.conversation_id!, echoOf(event, 0))) return undefined;
    const text = event.type === 'message.created' ? question.content : firstValue(question.submitted);
    const hook = await this.hooks.answering(tx, question.inbox_id);
    return hook && { hook, said: text?.trim() ? { session: question.uuid, text, language: question.language.replace('_', '-') } : undefined };
  }

  private async act(tx: Tx, event: StoredEvent<Heard>, outcome: DialogflowOutcome): Promise<void> {
    const conversation = await this.conversations.lockById(tx, event.conversation_id!);
    if (conversation?.status !== Status.pending || await this.dialogs.isAnswered(tx, conversation.id, echoOf(event, 0))) return;
    if (outcome.kind !== 'answered') return this.turn(tx, conversation, Status.open);
    for (const [n, step] of outcome.steps.entries()) await this.take(tx, conversation, step, echoOf(event, n));
  }

  private async take(tx: Tx, conversation: ConversationRow, step: DialogflowStep, echo: string): Promise<void> {
    if (step.do !== 'say') return this.turn(tx, conversation, step.do === 'handoff' ? Status.open : Status.resolved);
    try {
      await this.posting.write(tx, conversation, { userId: null }, { ...step.message, private: false, message_type: 'outgoing', echo_id: echo });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.warn('an answer of Dialogflow cannot be sent; people take over', { account_id: conversation.account_id, conversation_id: conversation.id, reason: error.message });
      await this.turn(tx, conversation, Status.open);
    }
  }

  /** The steps that follow see it as it is then. */
  private async turn(tx: Tx, conversation: ConversationRow, status: number): Promise<void> {
    await this.statuses.change(tx, conversation, status, null, US);
    conversation.status = status;
  }
}

const echoOf = (event: StoredEvent<Heard>, n: number): string => `dialogflow-${event.id}-${n}`;

/** Whether the contact has just answered what is asked in the message. */
function isChoice({ payload }: StoredEvent<'message.updated'>): boolean {
  const [before, after] = (payload.changes?.['content_attributes'] ?? []) as Partial<Record<'submitted_values', unknown>>[];
  return after?.submitted_values !== undefined && before?.submitted_values === undefined;
}

/** Of several fields the first, as Chatwoot has it. */
function firstValue(submitted: unknown): string | undefined {
  const [first] = Array.isArray(submitted) ? submitted as unknown[] : [];
  const value = (first as { value?: unknown } | undefined)?.value;
  return typeof value === 'string' ? value : undefined;
}

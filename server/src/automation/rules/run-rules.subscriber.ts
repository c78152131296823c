import { Injectable } from '@nestjs/common';
import { AttributesRepository } from '../../contacts/attributes/attributes.repository.js';
import { ConversationsRepository } from '../../conversations/conversations.repository.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { causedBy, type Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { compileFilter } from '../../platform/filters/compile-filter.js';
import { Problem } from '../../platform/http/problem.js';
import { RunActions } from '../actions/run-actions.service.js';
import { ruleSetting } from './rule-fields.js';
import { HEARD, hasChanged, occasionsOf, type Heard } from './rule-occasions.js';
import { RulesRepository, type RuleRow } from './rules.repository.js';
import { RunsRepository, type Ran } from './runs.repository.js';

/** A rule that acts so often on one conversation answers its own echo, through somebody else's machine. */
const MOST_RUNS = 20;
const WITHIN_MS = 600_000;

/** Lets the account's rules act on what happens: in their order, each once for an event, none on what a rule did. */
@Injectable()
@Subscribes({ name: 'run-rules', reaches: 'outside', hears: [...HEARD], when: 'EXISTS (SELECT FROM automation_rules r WHERE r.account_id = event.account_id AND r.active)' })
export class RunRules implements Subscriber<Heard['type']> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly rules: RulesRepository, private readonly runs: RunsRepository, private readonly conversations: ConversationsRepository,
    private readonly attributes: AttributesRepository, private readonly actions: RunActions, private readonly clock: Clock,
  ) {}

  async handle(event: Heard): Promise<void> {
    if (event.payload.caused_by || event.conversation_id === null) return;
    const conversationId = event.conversation_id;
    const rules = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const found = await this.rules.active(tx, occasionsOf(event));
      const isQuiet = found.length > 0 && event.type === 'message.created' && !await this.runs.isSaid(tx, conversationId, event.payload.message_id);
      return isQuiet ? [] : found;
    });
    const failures: unknown[] = [];
    for (const rule of rules) {
      // One rule that fails in a way nobody foresaw must not keep the others from acting; the job tries it again.
      await this.unitOfWork.run(accountId(event.account_id), (tx) => this.apply(tx, rule, event, conversationId)).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async apply(tx: Tx, rule: RuleRow, event: Heard, conversationId: number): Promise<void> {
    // The lock comes first, so that two events of one conversation are not judged side by side.
    const conversation = await this.conversations.lockById(tx, conversationId);
    // Nobody acts on spam, by themselves least of all.
    if (!conversation || conversation.additional_attributes?.['spam'] !== undefined) return;
    const run = await this.runs.begin(tx, rule.id, event.id, conversationId);
    if (run === undefined) return;
    const ran = await this.judge(tx, rule, event, conversationId);
    if (ran) await this.runs.end(tx, run, ran);
  }

  /** Undefined when the conditions do not hold. */
  private async judge(tx: Tx, rule: RuleRow, event: Heard, conversationId: number): Promise<Ran | undefined> {
    const now = this.clock.date();
    try {
      const setting = ruleSetting(rule.event_name, await this.attributes.list(tx), now, (condition) => hasChanged(event, condition));
      const messageId = event.type === 'message.created' ? event.payload.message_id : null;
      if (!await this.runs.matches(tx, conversationId, messageId, (params) => compileFilter(rule.conditions, setting, params))) return undefined;
    } catch (error) {
      // An attribute that a condition names is not defined any more: nobody can say whether it holds, so it does not.
      if (error instanceof Problem) return { matched: false, done: [], errors: [error.message] };
      throw error;
    }
    if (await this.runs.recent(tx, rule.id, conversationId, new Date(now.getTime() - WITHIN_MS)) >= MOST_RUNS) {
      return { matched: true, done: [], errors: [`Held back: it has acted ${MOST_RUNS} times on this conversation within ten minutes.`] };
    }
    const { done, leftOut } = await this.actions.run(causedBy(tx, { by: 'automation_rule', id: rule.id, depth: 1 }), conversationId, rule.actions, { name: rule.name }, `automation_event.${rule.event_name}`);
    return { matched: true, done, errors: leftOut.map(({ action_name: name, message }) => `${name}: ${message}`) };
  }
}

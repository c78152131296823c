import { Injectable } from '@nestjs/common';
import { ConversationsRepository } from '../../conversations/conversations.repository.js';
import { LifecycleRepository } from '../../conversations/lifecycle/lifecycle.repository.js';
import { Jobs } from '../../delivery/job.js';
import { AgentRepository } from '../../identity/agents/agent.repository.js';
import { roleOf, type Member, type Principal } from '../../identity/access/principal.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { notFound, Problem } from '../../platform/http/problem.js';
import type { Action } from '../actions/action.dto.js';
import { RunActions, type LeftOut } from '../actions/run-actions.service.js';
import type { ContactWork, WireBulkTask, WireLeftOut } from './bulk.dto.js';
import { ChangeContact } from './change-contact.service.js';
import { BulkTasksRepository, type BulkTaskRow } from './bulk-tasks.repository.js';

/** So many are done before the answer; more would make somebody wait. */
const AT_ONCE = 10;
export const RUN_BULK_TASK = 'run-bulk-task';
/** The largest number that could be stored. No account has so many conversations: what names it, or one beyond, is not there. */
const NO_CONVERSATION = 2_147_483_647;
/** Where the caller said what an action does. */
const FIELDS: Partial<Record<Action['action_name'], string>> = {
  assign_agent: 'fields.assignee_id', assign_team: 'fields.team_id', change_priority: 'fields.priority', change_status: 'fields.status', add_label: 'labels.add', remove_label: 'labels.remove',
};

/** A step that lost against somebody else's work is tried again so often. */
const MOST_LOST = 3;
const isDeadlock = (error: unknown): boolean => (error as { code?: string } | undefined)?.code === '40P01';

const eachOnce = (conversationIds: number[]): number[] => [...new Set(conversationIds.map((id) => Math.min(id, NO_CONVERSATION)))];

/** So many different things that were left out are told. */
const MOST_TOLD = 100;
/** What was left out so far, and now of one more conversation; undefined when that is nothing. */
function told(before: readonly WireLeftOut[], now: readonly LeftOut[]): WireLeftOut[] | undefined {
  if (now.length === 0) return undefined;
  const all = before.map((one) => ({ ...one }));
  const seen = new Set<WireLeftOut>();
  for (const { action_name, message } of now) {
    let one = all.find((other) => other.action_name === action_name && other.message === message);
    if (!one && all.length < MOST_TOLD) all.push(one = { action_name, message, conversations: 0 });
    // The same twice in one conversation is one conversation.
    if (!one || seen.has(one)) continue;
    seen.add(one);
    one.conversations++;
  }
  return all;
}

const present = (row: BulkTaskRow): WireBulkTask => ({ id: row.id, total: (row.contact_ids ?? row.conversation_ids).length, done: row.done, failed: row.failed, finished: row.finished_at !== null, left_out: row.left_out });

/** Does the same with many conversations or people, one transaction each, in the name of the person who asked. */
@Injectable()
export class BulkTasks {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: BulkTasksRepository, private readonly actions: RunActions, private readonly conversations: ConversationsRepository,
    private readonly agents: AgentRepository, private readonly lifecycle: LifecycleRepository, private readonly jobs: Jobs, private readonly log: Log,
    private readonly contacts: ChangeContact,
  ) {}

  /** Throws Problem `invalid` before anything is done when an action names what is not of this account. */
  async start(me: Member, conversationIds: number[], actions: Action[]): Promise<WireBulkTask> {
    const ids = eachOnce(conversationIds);
    return this.begin(me, ids.length, async (tx) => {
      await this.actions.check(tx, actions, ({ action_name: name }) => FIELDS[name] ?? 'fields');
      return this.repository.insert(tx, me.userId, ids, actions);
    });
  }

  /** What was written down some time ago: an action that names what is gone since is left out, and the answer says so. */
  async startWritten(me: Member, conversationIds: number[], actions: Action[]): Promise<WireBulkTask> {
    const ids = eachOnce(conversationIds);
    return this.begin(me, ids.length, (tx) => this.repository.insert(tx, me.userId, ids, actions));
  }

  /** Throws Problem `not_permitted` when this person may not do that, `forbidden` when they must prove first that it is them. */
  async startForContacts(me: Member, user: Principal, contactIds: number[], work: ContactWork): Promise<WireBulkTask> {
    this.contacts.demand(me, user, work);
    const ids = [...new Set(contactIds)];
    return this.begin(me, ids.length, (tx) => this.repository.insertForContacts(tx, me.userId, ids, work));
  }

  private async begin(me: Member, size: number, insert: (tx: Tx) => Promise<number>): Promise<WireBulkTask> {
    const id = await this.unitOfWork.run(me.accountId, insert);
    if (size > AT_ONCE) await this.jobs.add(RUN_BULK_TASK, { account_id: me.accountId, id }, { key: `${me.accountId}/${id}` });
    else await this.finish(me.accountId, id);
    return this.progress(me, id);
  }

  async progress(me: Member, id: number): Promise<WireBulkTask> {
    const row = await this.unitOfWork.run(me.accountId, (tx) => this.repository.find(tx, me.userId, id));
    if (!row) throw notFound();
    return present(row);
  }

  /** Goes on where it stands. Each step commits with its mark, so that none is done twice. */
  async finish(account: number, id: number): Promise<void> {
    for (let lost = 0; ;) {
      try {
        if (!await this.step(accountId(account), id)) return;
        lost = 0;
      } catch (error) {
        lost = isDeadlock(error) && lost < MOST_LOST ? lost + 1 : 0;
        if (lost === 0) await this.skip(accountId(account), id, error);
      }
    }
  }

  /** One conversation that fails in a way nobody foresaw must not hold up the others. */
  private async skip(account: AccountId, id: number, error: unknown): Promise<void> {
    // Somebody else has just deleted it, for example.
    if (!(error instanceof Problem)) this.log.error('bulk step failed', { error, account_id: account, task_id: id });
    await this.unitOfWork.run(account, (tx) => this.repository.step(tx, id, true));
  }

  private step(account: AccountId, id: number): Promise<boolean> {
    return this.unitOfWork.run(account, async (tx) => {
      const task = await this.repository.lock(tx, id);
      if (!task) return false;
      const agent = await this.agents.find(tx, task.user_id);
      const me: Member | undefined = agent && { accountId: account, userId: agent.id, role: roleOf(agent.role) };
      if (task.contact_ids) await this.repository.step(tx, id, !me || !await this.contacts.change(tx, me, task.contact_ids[task.done]!, task.actions));
      else {
        const leftOut = me && await this.act(tx, me, task.conversation_ids[task.done]!, task.actions);
        await this.repository.step(tx, id, leftOut?.length !== 0, leftOut && told(task.left_out, leftOut));
      }
      return task.done + 1 < (task.contact_ids ?? task.conversation_ids).length;
    });
  }

  /** Answers what was left out; undefined when nothing was done: who has left the account, or the inbox, does nothing in it any more. */
  private async act(tx: Tx, me: Member, displayId: number, actions: Action[]): Promise<LeftOut[] | undefined> {
    const conversation = await this.conversations.lock(tx, me, displayId);
    if (!conversation) return undefined;
    const outcome = await this.actions.run(tx, conversation.id, actions, { userId: me.userId, name: await this.lifecycle.nameOf(tx, { userId: me.userId }) }, 'macro.executed');
    return outcome.leftOut;
  }
}

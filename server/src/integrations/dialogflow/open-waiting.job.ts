import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { ConversationsRepository } from '../../conversations/conversations.repository.js';
import { ChangeStatus } from '../../conversations/lifecycle/change-status.service.js';
import { RunsJob, type Job } from '../../delivery/job.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';

export const OPEN_WAITING = 'open-waiting';
/** The inbox in which nothing answers any more. */
export interface LeftInbox { accountId: number; inboxId: number }

/** So many in one transaction. */
const BATCH = 50;

/** After what answered in an inbox was switched off: whoever waited for its answer is seen by people. What it answered stays as it is. */
@Injectable()
@RunsJob({ name: OPEN_WAITING })
export class OpenWaiting implements Job<LeftInbox> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus) {}

  async run({ accountId: account, inboxId }: LeftInbox): Promise<void> {
    for (let opened = BATCH; opened === BATCH;) {
      opened = await this.unitOfWork.run(accountId(account), async (tx) => {
        const waiting = await tx.sql<{ id: number }>(
          `SELECT c.id FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL AND i.agent_bot_id IS NULL AND NOT i.has_answering_hook
             JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id AND NOT ct.blocked
           WHERE c.account_id = $1 AND c.inbox_id = $2 AND c.status = ${Status.pending} AND c.assignee_id IS NULL AND c.waiting_since IS NOT NULL ORDER BY c.id LIMIT ${BATCH}`, [tx.accountId, inboxId]);
        for (const { id } of waiting) {
          const conversation = await this.conversations.lockById(tx, id);
          if (conversation?.status === Status.pending) await this.statuses.change(tx, conversation, Status.open, null, { name: 'Dialogflow' });
        }
        return waiting.length;
      });
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job, type JobOutcome } from '../../delivery/job.js';
import { Log } from '../../platform/logging/log.js';
import { DRAIN_CONVERSATION, type DrainConversation } from './outbound-queue.js';
import { SendWaiting } from './send-waiting.service.js';

/** Longer waits are the sweeper's. */
const OWN_WAIT_MS = 60_000;
/** Messages of one conversation in a row, before others get their turn. */
const IN_A_ROW = 50;
/** After a step that failed on our side, such as a database that was away. Not longer each time: the conversation would wait for it. */
const AFTER_FAILURE_MS = 3_000;

const WAKE_CONVERSATION = 'wake-conversation';
const keyOf = ({ accountId, conversationId }: DrainConversation): string => `${accountId}-${conversationId}`;

/** Sends what waits in one conversation, in order. */
@Injectable()
@RunsJob({ name: DRAIN_CONVERSATION, waitsForOthers: true })
export class DrainConversationJob implements Job<DrainConversation> {
  constructor(private readonly sending: SendWaiting, private readonly jobs: Jobs, private readonly log: Log) {}

  async run(conversation: DrainConversation): Promise<JobOutcome> {
    try {
      await this.drain(conversation);
    } catch (error) {
      this.log.error('a conversation could not be drained; it is tried again', { account_id: conversation.accountId, conversation_id: conversation.conversationId, error });
      return { retryAfterMs: AFTER_FAILURE_MS };
    }
  }

  private async drain(conversation: DrainConversation): Promise<void> {
    for (let sent = 0; sent < IN_A_ROW; sent += 1) {
      const step = await this.sending.sendNext(conversation);
      if (step.did === 'nothing') return;
      if (step.did === 'wait') {
        // A job of another name: one that waits under this conversation's key would keep new messages from going.
        if (step.ms <= OWN_WAIT_MS) await this.jobs.add(WAKE_CONVERSATION, conversation, { delayMs: step.ms + 50 });
        return;
      }
    }
    await this.jobs.add(DRAIN_CONVERSATION, conversation, { key: keyOf(conversation) });
  }
}

/** Starts a conversation's sending again when its time has come. */
@Injectable()
@RunsJob({ name: WAKE_CONVERSATION })
export class WakeConversationJob implements Job<DrainConversation> {
  constructor(private readonly jobs: Jobs) {}

  async run(conversation: DrainConversation): Promise<void> {
    await this.jobs.add(DRAIN_CONVERSATION, conversation, { key: keyOf(conversation) });
  }
}

import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job } from '../../delivery/job.js';
import { DRAIN_CONVERSATION, type DrainConversation } from './outbound-queue.js';
import { SendWaiting } from './send-waiting.service.js';

/** Longer waits are the sweeper's. */
const OWN_WAIT_MS = 60_000;
/** Messages of one conversation in a row, before others get their turn. */
const IN_A_ROW = 50;

const WAKE_CONVERSATION = 'wake-conversation';
const keyOf = ({ accountId, conversationId }: DrainConversation): string => `${accountId}-${conversationId}`;

/** Sends what waits in one conversation, in order. */
@Injectable()
@RunsJob({ name: DRAIN_CONVERSATION, waitsForOthers: true })
export class DrainConversationJob implements Job<DrainConversation> {
  constructor(private readonly sending: SendWaiting, private readonly jobs: Jobs) {}

  async run(conversation: DrainConversation): Promise<void> {
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

import { Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type { Channel } from '../../channels/contract/channel.js';
import type { SendOutcome } from '../../channels/contract/outbound-message.js';
import type { Changes } from '../../delivery/changes.js';
import { Events } from '../../delivery/events.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { Metrics, type Count } from '../../platform/telemetry/metrics.js';
import { within } from '../../platform/queue/within.js';
import '../conversation.events.js';
import { LEASE_MS, nextStep } from './next-step.js';
import { OutboundMessageReader, type Sendable } from './outbound-message.reader.js';
import type { DrainConversation } from './outbound-queue.js';
import { OutboundRepository, type Claim } from './outbound.repository.js';

/** Shorter than the lease: an attempt must have ended before another may begin. */
const SEND_MS = LEASE_MS - 5_000;
/** Tries of a message whose attempts die or throw, for channels that would never give up themselves. */
const MAX_ATTEMPTS = 20;
const AFTER_DEATH_MS = 5_000;
const STORE_AGAIN_MS = 500;

export type SendStep = { did: 'nothing' } | { did: 'sent' } | { did: 'wait'; ms: number };
type Prepared = { step: SendStep } | { claim: Claim; sendable: Sendable };

/** Sends one waiting message: claims it, calls the channel outside of any transaction, stores what became of it. */
@Injectable()
export class SendWaiting {
  private readonly count: Count;

  constructor(
    private readonly work: UnitOfWork, private readonly outbound: OutboundRepository, private readonly reader: OutboundMessageReader,
    private readonly events: Events, private readonly log: Log, metrics: Metrics,
  ) {
    this.count = metrics.counting('porchlight_outbound_sends_total', 'Tries to send a message, by channel and what came of them.');
  }

  /** Does the next step of a conversation. */
  async sendNext({ accountId: account, conversationId }: DrainConversation): Promise<SendStep> {
    const prepared = await this.work.run(accountId(account), (tx) => this.prepare(tx, conversationId));
    if ('step' in prepared) return prepared.step;
    const { claim, sendable } = prepared;
    const leaseEnds = Date.now() + LEASE_MS + longer(sendable.channel);
    const outcome = await this.send(sendable);
    this.count({ channel: sendable.channel.id, outcome: outcome.kind });
    await this.stored(leaseEnds, () => this.work.run(accountId(account), (tx) => this.store(tx, conversationId, claim, sendable.channel, outcome)));
    return { did: 'sent' };
  }

  // What a provider answered is known only here: a database that is away for a moment must not turn it into "may or may not have arrived".
  private async stored(leaseEnds: number, store: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await store();
      } catch (error) {
        if (Date.now() + STORE_AGAIN_MS > leaseEnds) throw error;
        await setTimeout(STORE_AGAIN_MS);
      }
    }
  }

  private async prepare(tx: Tx, conversationId: number): Promise<Prepared> {
    if (!await this.outbound.lockConversation(tx, conversationId)) return { step: { did: 'nothing' } };
    const waiting = await this.outbound.waiting(tx, conversationId);
    const step = nextStep(waiting);
    if (step.do === 'nothing') return { step: { did: 'nothing' } };
    if (step.do === 'wait') return { step: { did: 'wait', ms: step.ms } };
    if (step.do === 'settle') {
      await this.settleDead(tx, conversationId, step.messageId, waiting.find((m) => m.messageId === step.messageId)!.attempt);
      return { step: { did: 'sent' } };
    }
    const claim = await this.outbound.claim(tx, conversationId, step.messageId);
    if (!claim) return { step: { did: 'sent' } };
    const sendable = await this.reader.read(tx, conversationId, claim);
    if (sendable) return { claim: longer(sendable.channel) > 0 ? await this.outbound.extend(tx, conversationId, claim, longer(sendable.channel)) : claim, sendable };
    await this.finish(tx, conversationId, claim.messageId, 'failed', 'The inbox no longer exists.');
    return { step: { did: 'sent' } };
  }

  // The process died between claiming and storing: nobody knows whether the provider has the message.
  private async settleDead(tx: Tx, conversationId: number, messageId: number, attempt: number): Promise<void> {
    const channel = await this.reader.channelOf(tx, conversationId);
    if (channel?.capabilities.idempotentSend && attempt < MAX_ATTEMPTS) await this.outbound.postpone(tx, conversationId, messageId, 0, 'The last try was interrupted.');
    else await this.finish(tx, conversationId, messageId, 'uncertain', 'Sending was interrupted. The message may or may not have arrived.');
  }

  private async send({ channel, message, inbox }: Sendable): Promise<SendOutcome> {
    try {
      return await within(SEND_MS + longer(channel), channel.send!(message, inbox), 'No answer in time.');
    } catch (error) {
      this.log.error('a channel failed to send', { channel: channel.id, account_id: message.accountId, message_id: message.messageId, error });
      return { kind: 'uncertain', reason: (error as Error).message };
    }
  }

  private async store(tx: Tx, conversationId: number, claim: Claim, channel: Channel, outcome: SendOutcome): Promise<void> {
    if (!await this.outbound.lockConversation(tx, conversationId) || !await this.outbound.holds(tx, conversationId, claim)) return;
    switch (outcome.kind) {
      case 'sent': return this.finish(tx, conversationId, claim.messageId, 'sent', outcome.note ?? null, outcome.externalId);
      case 'rejected': return this.finish(tx, conversationId, claim.messageId, 'failed', outcome.reason);
      case 'retry_after': return this.later(tx, conversationId, claim, outcome.ms, outcome.reason);
      case 'uncertain':
        if (channel.capabilities.idempotentSend && claim.attempt < MAX_ATTEMPTS) return this.later(tx, conversationId, claim, AFTER_DEATH_MS, outcome.reason);
        return this.finish(tx, conversationId, claim.messageId, 'uncertain', outcome.reason);
    }
  }

  private async later(tx: Tx, conversationId: number, claim: Claim, ms: number, reason: string): Promise<void> {
    await this.tell(tx, conversationId, claim.messageId, await this.outbound.postpone(tx, conversationId, claim.messageId, ms, reason));
  }

  private async finish(tx: Tx, conversationId: number, messageId: number, status: 'sent' | 'failed' | 'uncertain', error: string | null, sourceId?: string): Promise<void> {
    await this.tell(tx, conversationId, messageId, await this.outbound.settle(tx, conversationId, messageId, status, { error, sourceId }));
  }

  private tell(tx: Tx, conversationId: number, messageId: number, changes: Changes): Promise<void> {
    return this.events.append(tx, { type: 'message.updated', conversationId, payload: { message_id: messageId, changes } });
  }
}

/** What a channel may take beyond the usual. */
const longer = (channel: Channel): number => Math.max(0, (channel.capabilities.sendMs ?? SEND_MS) - SEND_MS);

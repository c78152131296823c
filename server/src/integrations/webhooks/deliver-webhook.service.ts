import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { OutboundHttp, type OutboundOutcome } from '../../platform/outbound-http/outbound-http.js';
import { askedPause, pauseAfter, quoted } from '../../platform/outbound-http/retry-pauses.js';
import { signedHeaders } from '../../platform/outbound-http/webhook-signature.js';
import { OutgoingAddresses } from '../../platform/storage/outgoing-addresses.js';
import './webhook.events.js';
import { State, WebhookDeliveries, type DeliveryRow, type WebhookKey } from './webhook-deliveries.repository.js';
import { WebhooksRepository, type WebhookRow } from './webhooks.repository.js';

/** An attempt has ended by then, or its process died. */
export const LEASE_MS = 30_000;
const HOUR = 3_600_000;
/** What was not taken by then never will be; and an address that has taken nothing for so long is asked no more. */
const PATIENCE_MS = 72 * HOUR;
const LONGEST_PAUSE_MS = 24 * HOUR;
/** One body that makes the receiver fail must not hold up all others: after so many tries the next ones pass it. */
const TRIES_IN_LINE = 6;
/** After so many tries people take over what waits for a bot. */
const BOT_TRIES = 3;
const KEPT_ANSWER = 1_024;
/** How long an earlier event may take into the list before later ones pass it. */
const LINE_UP_MS = 30_000;
const LOOK_AGAIN_MS = 40;

export type Step = { did: 'nothing' } | { did: 'wait'; ms: number } | { did: 'told' };
interface Claimed { webhook: WebhookRow; delivery: DeliveryRow }
interface Verdict { ok: boolean; status: number | null; error: string | null; answer: string | null; refused: boolean; final: boolean; pause?: number }

/** Tells one address one thing: claims it, calls outside of any transaction, writes down how it went. */
@Injectable()
export class DeliverWebhook {
  constructor(
    private readonly work: UnitOfWork, private readonly webhooks: WebhooksRepository, private readonly deliveries: WebhookDeliveries, private readonly http: OutboundHttp,
    private readonly events: Events, private readonly clock: Clock, private readonly addresses: OutgoingAddresses,
  ) {}

  /** Does the next step of an address. */
  async next({ accountId: account, webhookId }: WebhookKey): Promise<Step> {
    const claimed = await this.work.run(accountId(account), (tx) => this.claim(tx, webhookId));
    if ('did' in claimed) return claimed;
    const { webhook, delivery } = claimed;
    const at = this.clock.date();
    const started = performance.now();
    // Written down up to three days ago: files are named anew for each try.
    const body = this.addresses.renewed(delivery.body, account);
    const headers = signedHeaders(body, this.webhooks.secretOf(webhook), delivery.delivery, at);
    const outcome = await this.http.send({ method: 'POST', url: webhook.url, body, headers: { 'content-type': 'application/json', ...headers }, maxBytes: KEPT_ANSWER });
    const verdict = this.judge(outcome);
    const duration = Math.round(performance.now() - started);
    return this.work.run(accountId(account), (tx) => this.store(tx, webhookId, delivery, verdict, at, duration));
  }

  private async claim(tx: Tx, webhookId: number): Promise<Claimed | Step> {
    const webhook = await this.webhooks.lock(tx, webhookId);
    const now = this.clock.now();
    if (!webhook || webhook.disabled_at || (webhook.claimed_at && now - webhook.claimed_at.getTime() < LEASE_MS)) return { did: 'nothing' };
    if (webhook.next_try_at && webhook.next_try_at.getTime() > now) return { did: 'wait', ms: webhook.next_try_at.getTime() - now };
    const delivery = await this.deliveries.next(tx, webhookId, new Date(now));
    if (!delivery) return { did: 'nothing' };
    const subscriber = webhook.of_inbox ? 'queue-inbox-webhooks' : webhook.agent_bot_id === null ? 'queue-webhooks' : 'queue-bot-webhooks';
    const isFresh = now - delivery.created_at.getTime() < LINE_UP_MS;
    if (!delivery.aside && isFresh && await this.deliveries.isEarlierComing(tx, subscriber, delivery.event_id)) return { did: 'wait', ms: LOOK_AGAIN_MS };
    await tx.sql('UPDATE webhooks SET claimed_at = $3 WHERE account_id = $1 AND id = $2', [tx.accountId, webhookId, new Date(now)]);
    return { webhook, delivery };
  }

  private judge(outcome: OutboundOutcome): Verdict {
    if (outcome.kind !== 'answered') return { ok: false, status: null, error: outcome.reason, answer: null, refused: false, final: outcome.kind === 'refused' };
    const { status } = outcome;
    const answer = quoted(outcome.body, KEPT_ANSWER) || null;
    if (status >= 200 && status < 300) return { ok: true, status, error: null, answer, refused: false, final: false };
    const isBusy = status >= 500 || status === 408 || status === 425 || status === 429;
    return { ok: false, status, error: `The server answered ${status}.`, answer, refused: !isBusy, final: status === 410, pause: askedPause(outcome.headers['retry-after'], this.clock.now()) };
  }

  private async store(tx: Tx, webhookId: number, delivery: DeliveryRow, verdict: Verdict, at: Date, duration: number): Promise<Step> {
    const webhook = await this.webhooks.lock(tx, webhookId);
    if (!webhook) return { did: 'nothing' };
    await this.deliveries.note(tx, delivery, { at, status: verdict.status, duration_ms: duration, answer: verdict.answer, error: verdict.error });
    if (verdict.ok) {
      await this.deliveries.settle(tx, delivery.id, { state: State.delivered, at, status: verdict.status, error: null, aside: false, dueAt: at });
      await tx.sql('UPDATE webhooks SET claimed_at = NULL, next_try_at = NULL, failing_since = NULL, failures = 0, last_error = NULL, last_success_at = $3 WHERE account_id = $1 AND id = $2', [tx.accountId, webhookId, at]);
      return { did: 'told' };
    }
    const isOver = verdict.final || at.getTime() - delivery.created_at.getTime() >= PATIENCE_MS;
    const dueAt = new Date(at.getTime() + (verdict.pause ?? pauseAfter(delivery.attempts + 1) ?? LONGEST_PAUSE_MS));
    await this.deliveries.settle(tx, delivery.id, {
      state: isOver ? State.givenUp : State.waiting, at, status: verdict.status, error: verdict.error, aside: verdict.refused || delivery.attempts + 1 >= TRIES_IN_LINE, dueAt,
    });
    if (webhook.agent_bot_id !== null && delivery.conversation_id !== null && delivery.attempts + 1 === BOT_TRIES) {
      await this.events.append(tx, { type: 'bot.unreachable', conversationId: delivery.conversation_id, payload: { webhook_id: webhook.id } });
    }
    return this.storeFailure(tx, webhook, verdict, at);
  }

  /** A refusal says that the server is there: only this one waits. Anything else makes the address wait. */
  private async storeFailure(tx: Tx, webhook: WebhookRow, verdict: Verdict, at: Date): Promise<Step> {
    const failures = webhook.failures + 1;
    const pause = verdict.pause ?? pauseAfter(failures) ?? LONGEST_PAUSE_MS;
    const failingSince = webhook.failing_since ?? at;
    const isDisabled = verdict.status === 410 || at.getTime() - failingSince.getTime() >= PATIENCE_MS;
    await tx.sql(
      `UPDATE webhooks SET claimed_at = NULL, failing_since = $3, last_failure_at = $4, last_error = $5, disabled_at = CASE WHEN $6 THEN $4::timestamptz ELSE disabled_at END,
         failures = CASE WHEN $7 THEN failures ELSE $8 END, next_try_at = CASE WHEN $7 THEN next_try_at ELSE $9::timestamptz END WHERE account_id = $1 AND id = $2`,
      [tx.accountId, webhook.id, failingSince, at, verdict.error, isDisabled, verdict.refused, failures, new Date(at.getTime() + pause)]);
    if (isDisabled) await this.events.append(tx, { type: 'webhook.disabled', payload: { webhook_id: webhook.id } });
    return verdict.refused ? { did: 'told' } : { did: 'wait', ms: pause };
  }
}

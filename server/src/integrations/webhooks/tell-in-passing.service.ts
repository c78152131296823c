import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ChatOpenings, type ChatOpening } from '../../channels/contract/chat-openings.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { OutboundHttp } from '../../platform/outbound-http/outbound-http.js';
import { signedHeaders } from '../../platform/outbound-http/webhook-signature.js';
import { OutgoingAddresses } from '../../platform/storage/outgoing-addresses.js';
import { Typing, type ShownTyping } from '../../realtime/typing.service.js';
import type { PassingEvent } from './webhook.dto.js';
import { WebhookPayloads } from './webhook-payloads.service.js';
import { WebhooksRepository, type WebhookRow } from './webhooks.repository.js';

const TIMEOUT_MS = 5_000;
/** More than so many untold things of one address: it is too slow for them, and they are old by then. */
const MOST_WAITING = 50;
const TYPING: Record<ShownTyping['event'], PassingEvent> = { 'conversation.typing_on': 'conversation_typing_on', 'conversation.typing_off': 'conversation_typing_off' };

/**
 * Tells webhooks what is true for a moment only: who types, that a chat was opened. It is told once, in order, beside the request that made it true,
 * and neither kept nor tried again: a minute later it would be false.
 */
@Injectable()
export class TellInPassing implements OnModuleInit {
  /** What each address is still to be told; the first is under way. */
  private readonly lines = new Map<string, (() => Promise<unknown>)[]>();
  /** Of each account, that its latest news stands in line. */
  private readonly placed = new Map<number, Promise<void>>();

  constructor(
    private readonly typing: Typing, private readonly openings: ChatOpenings, private readonly work: UnitOfWork, private readonly webhooks: WebhooksRepository,
    private readonly payloads: WebhookPayloads, private readonly http: OutboundHttp, private readonly clock: Clock, private readonly log: Log, private readonly addresses: OutgoingAddresses,
  ) {}

  onModuleInit(): void {
    this.typing.onShown((shown) => this.happened(shown.accountId, TYPING[shown.event], shown.conversation.inboxId, (tx) => this.payloads.ofTyping(tx, shown, TYPING[shown.event])));
    this.openings.onOpened((opening: ChatOpening) => this.happened(opening.accountId, 'webwidget_triggered', opening.inboxId, (tx) => this.payloads.ofOpening(tx, opening)));
  }

  private happened(account: number, event: PassingEvent, inboxId: number, payloadOf: (tx: Tx) => Promise<object | undefined>): void {
    const asked = this.work.run(accountId(account), async (tx) => {
      const wanting = await this.webhooks.wantingInPassing(tx, event, inboxId, this.clock.date());
      return { wanting, payload: wanting.length > 0 ? await payloadOf(tx) : undefined };
    });
    const placed = this.place(account, event, asked, this.placed.get(account)).finally(() => {
      if (this.placed.get(account) === placed) this.placed.delete(account);
    });
    this.placed.set(account, placed);
  }

  // Looked up side by side, and lined up in the order in which it happened.
  private async place(account: number, event: PassingEvent, asked: Promise<{ wanting: WebhookRow[]; payload: object | undefined }>, earlier: Promise<void> | undefined): Promise<void> {
    const [found] = await Promise.allSettled([asked, earlier]);
    if (found.status === 'rejected') return this.log.warn('nobody was told in passing', { account_id: account, event, error: found.reason });
    const { wanting, payload } = found.value;
    if (payload) for (const webhook of wanting) this.inLine(webhook, JSON.stringify(this.addresses.whole(payload)));
  }

  private inLine(webhook: WebhookRow, body: string): void {
    const key = `${webhook.account_id}/${webhook.id}`;
    const line = this.lines.get(key) ?? [];
    if (line.length >= MOST_WAITING) return;
    line.push(async () => this.http.send({
      method: 'POST', url: webhook.url, body, maxBytes: 0, timeoutMs: TIMEOUT_MS, headers: { 'content-type': 'application/json', ...signedHeaders(body, this.webhooks.secretOf(webhook), randomUUID(), this.clock.date()) },
    }));
    if (this.lines.has(key)) return;
    this.lines.set(key, line);
    void this.drain(key, line, (error) => this.log.warn('an address was not told in passing', { account_id: webhook.account_id, webhook_id: webhook.id, error }));
  }

  private async drain(key: string, line: (() => Promise<unknown>)[], failed: (error: unknown) => void): Promise<void> {
    for (let next = line[0]; next; next = line[0]) {
      await next().catch(failed);
      line.shift();
    }
    this.lines.delete(key);
  }
}

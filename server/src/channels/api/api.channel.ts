import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { Clock } from '../../platform/clock/clock.js';
import { randomToken } from '../../platform/crypto/keyring.js';
import { AddressGuard } from '../../platform/outbound-http/address-guard.js';
import { OutboundHttp, type OutboundOutcome } from '../../platform/outbound-http/outbound-http.js';
import { askedPause, pauseAfter, quoted } from '../../platform/outbound-http/retry-pauses.js';
import { deliveryId, signedHeaders } from '../../platform/outbound-http/webhook-signature.js';
import type { Channel, ChannelInbox } from '../contract/channel.js';
import { MAX_CONTENT } from '../contract/message-text.js';
import type { OutboundMessage, SendOutcome } from '../contract/outbound-message.js';
import { apiConfig, apiConfigSchema, DEFAULT_CONFIG } from './api.config.js';
import { messageCreated } from './webhook-payload.js';

const QUOTED = 200;

/** A program of the customer's own: what agents write is posted to its address, what people write comes in through the API. */
@Injectable()
export class ApiChannel implements Channel {
  readonly id = 'api';
  readonly wireType = 'Channel::Api';
  // Every try carries the same delivery id, so a receiver can tell a repetition: trying again is safe.
  readonly capabilities = { attachments: true, maxLength: MAX_CONTENT, idempotentSend: true, sendsByWorker: true, typing: true, readReceipts: true, programmable: true, showsItems: true };
  readonly configSchema: z.ZodType<Record<string, unknown>>;

  constructor(private readonly http: OutboundHttp, private readonly clock: Clock, guard: AddressGuard) {
    this.configSchema = apiConfigSchema(guard) as unknown as z.ZodType<Record<string, unknown>>;
  }

  newConfig(): Record<string, unknown> {
    return { ...DEFAULT_CONFIG };
  }

  newSecrets(): Record<string, string> {
    return { secret: `whsec_${randomBytes(32).toString('base64')}`, hmac_token: randomToken(24) };
  }

  present(inbox: ChannelInbox, audience: 'administrator' | 'agent'): Record<string, unknown> {
    const config = apiConfig(inbox.config);
    return {
      inbox_identifier: inbox.publicToken, webhook_url: config.webhook_url, hmac_mandatory: config.hmac_mandatory, additional_attributes: config.additional_attributes,
      ...(audience === 'administrator' ? { secret: inbox.secrets['secret'] ?? null, hmac_token: inbox.secrets['hmac_token'] ?? null } : {}),
    };
  }

  async send(message: OutboundMessage, inbox: ChannelInbox): Promise<SendOutcome> {
    const { webhook_url: url } = apiConfig(inbox.config);
    // Without an address the program reads messages itself.
    if (url === null) return { kind: 'sent' };
    const body = JSON.stringify(messageCreated(message, inbox));
    const headers = signedHeaders(body, inbox.secrets['secret'], deliveryId(message.accountId, message.conversationId, message.messageId), this.clock.date());
    const outcome = await this.http.send({ method: 'POST', url, body, headers: { 'content-type': 'application/json', ...headers }, maxBytes: 1_024 });
    return this.judge(outcome, message.attempt);
  }

  private judge(outcome: OutboundOutcome, attempt: number): SendOutcome {
    switch (outcome.kind) {
      case 'refused': return { kind: 'rejected', reason: outcome.reason };
      case 'not_sent':
      case 'lost': return later(attempt, outcome.reason);
      case 'answered': {
        const { status } = outcome;
        if (status >= 200 && status < 300) return { kind: 'sent' };
        const said = quoted(outcome.body, QUOTED);
        const reason = `The webhook answered ${status}${said === '' ? '.' : `: ${said}`}`;
        if (status === 408 || status === 429 || status >= 500) return later(attempt, reason, askedPause(outcome.headers['retry-after'], this.clock.now()));
        return { kind: 'rejected', reason };
      }
    }
  }
}

function later(attempt: number, reason: string, asked?: number): SendOutcome {
  const pause = pauseAfter(attempt);
  return pause === undefined ? { kind: 'rejected', reason: `Given up after ${attempt} tries. ${reason}` } : { kind: 'retry_after', ms: asked ?? pause, reason };
}

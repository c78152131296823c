import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Throttles, type Throttle } from '../../identity/throttles/throttles.service.js';
import { networkOf } from '../../platform/http/network-of.js';
import { MinuteCounts } from '../../platform/redis/minute-counts.js';
import { Problem } from '../../platform/http/problem.js';
import type { Visitor } from './visitor.js';

const HOUR = 60 * 60;
/** A school or a library sits behind one address, so these are generous; the inbox as a whole has its own bound. */
const SESSIONS: Throttle = { name: 'widget-sessions', tries: 120, seconds: HOUR };
const CONVERSATIONS: Throttle = { name: 'widget-conversations', tries: 30, seconds: HOUR };
const CONVERSATIONS_OF_INBOX: Throttle = { name: 'widget-inbox-conversations', tries: 120, seconds: 60 };
const CONTACT_CHANGES: Throttle = { name: 'widget-contact', tries: 120, seconds: HOUR };
const TRANSCRIPTS: Throttle = { name: 'widget-transcripts', tries: 20, seconds: HOUR };
const MESSAGES_PER_MINUTE = 30;

/** Keeps one browser, or one network, from drowning an inbox. Requests from this machine itself are not counted by address. */
@Injectable()
export class WidgetLimits {
  constructor(private readonly throttles: Throttles, private readonly counts: MinuteCounts) {}

  session(request: FastifyRequest): Promise<void> {
    return this.byAddress(SESSIONS, request);
  }

  async conversation(request: FastifyRequest, visitor: Visitor): Promise<void> {
    await this.byAddress(CONVERSATIONS, request);
    await this.throttles.take(CONVERSATIONS_OF_INBOX, String(visitor.inbox.id));
  }

  contactChange(request: FastifyRequest): Promise<void> {
    return this.byAddress(CONTACT_CHANGES, request);
  }

  transcript(request: FastifyRequest): Promise<void> {
    return this.byAddress(TRANSCRIPTS, request);
  }

  /** Not counted in the database: this is asked for every message, and a count that is forgotten does no harm. */
  async message(request: FastifyRequest, visitor: Visitor): Promise<void> {
    if (isThisMachine(request.ip)) return;
    const { count, resetsIn } = await this.counts.add(`messages:${visitor.inbox.id}:${visitor.sourceId}`);
    if (count > MESSAGES_PER_MINUTE) throw new Problem('too_many', 'That was a lot of messages. Please wait a minute.', { retryAfter: resetsIn });
  }

  private async byAddress(throttle: Throttle, request: FastifyRequest): Promise<void> {
    if (!isThisMachine(request.ip)) await this.throttles.take(throttle, networkOf(request.ip));
  }
}

const isThisMachine = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);

import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isLoopback, networkOf } from '../../platform/http/network-of.js';
import { Problem } from '../../platform/http/problem.js';
import { MinuteCounts } from '../../platform/redis/minute-counts.js';
import type { Client } from './client.js';

/* A minute. Gateways write for all their people from one address, so what somebody does is counted by who they are. */
const MESSAGES = 60;
const CONVERSATIONS = 10;
/** Whoever makes contacts has no name yet. */
const CONTACTS_OF_ADDRESS = 300;

/** Keeps one person of an app, or whoever got hold of the inbox's identifier, from drowning it. This machine itself is not counted. */
@Injectable()
export class ClientLimits {
  constructor(private readonly counts: MinuteCounts) {}

  message(request: FastifyRequest, client: Client): Promise<void> {
    return this.count(request, `client-messages:${client.inbox.id}:${client.contact!.source_id}`, MESSAGES);
  }

  conversation(request: FastifyRequest, client: Client): Promise<void> {
    return this.count(request, `client-conversations:${client.inbox.id}:${client.contact!.source_id}`, CONVERSATIONS);
  }

  contact(request: FastifyRequest, client: Client): Promise<void> {
    return this.count(request, `client-contacts:${client.inbox.id}:${networkOf(request.ip)}`, CONTACTS_OF_ADDRESS);
  }

  private async count(request: FastifyRequest, key: string, most: number): Promise<void> {
    if (isLoopback(request.ip)) return;
    const { count, resetsIn } = await this.counts.add(key);
    if (count > most) throw new Problem('too_many', 'That was a lot at once. Please wait a minute.', { retryAfter: resetsIn });
  }
}

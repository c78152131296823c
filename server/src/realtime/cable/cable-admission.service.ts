import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { z } from 'zod';
import { PubsubTokens, type Speaker } from '../../identity/access/pubsub-tokens.js';
import { AccessWatch } from '../access-watch.service.js';
import { RealtimeRepository } from '../realtime.repository.js';
import { VisitorAuthenticator } from '../visitor-authenticator.js';
import type { CableConnection } from './cable-connection.js';
import type { Listener } from './cable-subscription.js';

const number = z.preprocess((v) => (typeof v === 'string' && /^\d{1,15}$/.test(v) ? Number(v) : v), z.int().min(1));
/** What Chatwoot's clients subscribe with. Contacts name neither account nor user. */
const RoomIdentifier = z.object({ channel: z.literal('RoomChannel'), pubsub_token: z.string().min(1).max(2_000), account_id: number.nullish(), user_id: number.nullish() });

/** Decides who may listen on `/cable`. The `pubsub_token` alone is the proof; cookies count for nothing. */
@Injectable()
export class CableAdmission {
  constructor(private readonly tokens: PubsubTokens, private readonly access: AccessWatch, private readonly repository: RealtimeRepository, private readonly modules: ModuleRef) {}

  async admit(identifier: string, connection: CableConnection): Promise<Listener | undefined> {
    const room = RoomIdentifier.safeParse(parsed(identifier));
    if (!room.success) return undefined;
    const { pubsub_token: token, account_id: account, user_id: user } = room.data;
    const speaker = this.tokens.read(token);
    if (!speaker) return this.contact(token, connection);
    if (account == null || (user != null && user !== speaker.userId)) return undefined;
    return this.agent(speaker, account, connection);
  }

  // A foreign page has no business with the account of whoever looks at it.
  private async agent(speaker: Speaker, accountId: number, { isOwnPage }: CableConnection): Promise<Listener | undefined> {
    const [agent] = isOwnPage ? await this.access.rights([{ ...speaker, accountId }]) : [];
    return agent && { agent };
  }

  private async contact(token: string, { isOwnPage, origin }: CableConnection): Promise<Listener | undefined> {
    const found = await this.repository.contactByPubsubToken(token);
    if (!found || !(isOwnPage || this.modules.get(VisitorAuthenticator, { strict: false }).welcomes(origin, found))) return undefined;
    return { contact: { accountId: found.account_id, inboxId: found.inbox_id, contactInboxId: found.contact_inbox_id, contactId: found.contact_id } };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

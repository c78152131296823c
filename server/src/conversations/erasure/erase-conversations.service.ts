import { Injectable } from '@nestjs/common';
import { ContactAvatars } from '../../contacts/contact-avatars.service.js';
import '../../contacts/contact.events.js';
import { ExportsRepository } from '../../contacts/transfer/exports.repository.js';
import { ImportsRepository } from '../../contacts/transfer/imports.repository.js';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { notFound } from '../../platform/http/problem.js';
import { AttachmentsRepository } from '../attachments/attachments.repository.js';
import '../conversation.events.js';
import { DELETED_TEXT } from '../messages/change-message.service.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { ErasureRepository } from './erasure.repository.js';

/** Erases conversations, and people with theirs, in the transaction of who asks: a thousand conversations take a twentieth of a second. */
@Injectable()
export class EraseConversations {
  constructor(
    private readonly erasure: ErasureRepository, private readonly messages: MessagesRepository, private readonly attachments: AttachmentsRepository, private readonly avatars: ContactAvatars,
    private readonly exports: ExportsRepository, private readonly imports: ImportsRepository, private readonly events: Events,
  ) {}

  /** Call it with the conversations locked. */
  async erase(tx: Tx, ids: readonly number[], actorId: number): Promise<void> {
    const gone = await this.erasure.erase(tx, ids);
    await this.events.forgetChanges(tx, { conversations: ids });
    await this.events.append(tx, ...gone.map((row) => ({
      type: 'conversation.deleted' as const, conversationId: row.id, actorId, payload: { display_id: row.display_id, inbox_id: row.inbox_id, contact_inbox_id: row.contact_inbox_id },
    })));
  }

  /** Their conversations go, what they wrote in those of others loses its words, and with the contact go its addresses, notes and picture, and all files that contacts were exported to. */
  async eraseContact(tx: Tx, contactId: number, actorId: number): Promise<void> {
    await this.erase(tx, await this.erasure.lockOfContact(tx, contactId), actorId);
    const elsewhere = await this.erasure.lockWrittenElsewhere(tx, contactId);
    for (const { conversation_id: conversationId, id } of elsewhere) {
      await this.attachments.remove(tx, { conversationId, messageId: id });
      await this.messages.bury(tx, conversationId, id, DELETED_TEXT);
    }
    await this.erasure.forgetElsewhere(tx, contactId, elsewhere);
    const gone = await this.erasure.eraseContact(tx, contactId);
    if (!gone) throw notFound();
    await this.events.forgetChanges(tx, { contacts: [contactId], conversations: elsewhere.map((row) => row.conversation_id) });
    this.avatars.dropAfterCommit(tx, gone.avatar_key);
    await this.exports.forgetAll(tx);
    await this.imports.forgetPerson(tx, [gone.email, gone.phone_number, gone.identifier?.toLowerCase()].flatMap((address) => address ?? []));
    await this.events.append(tx, ...elsewhere.map((row) => ({ type: 'message.updated' as const, conversationId: row.conversation_id, actorId, payload: { message_id: row.id, changes: { content_attributes: [{}, { deleted: true }] as const } } })),
      { type: 'contact.deleted', actorId, payload: { contact_id: contactId } });
  }
}

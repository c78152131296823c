import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { secondsOf } from '../conversation-codes.js';
import { MessagePresenter } from '../messages/message.presenter.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { ContactAttachments, ListFiles } from './desk.dto.js';
import { DeskRepository } from './desk.repository.js';

/** What files were exchanged with a person. */
@Controller('api/v1/accounts/:account_id/contacts/:id/attachments')
@MemberOnly()
export class ContactFilesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly members: InboxMembersRepository, private readonly desk: DeskRepository,
    private readonly messages: MessagesRepository, private readonly presenter: MessagePresenter,
  ) {}

  /** The newest first, of the conversations that this member sees. */
  @Get()
  @answers(ContactAttachments)
  list(@CurrentMember() me: Member, @Param('id', { schema: pathId }) contactId: number, @Query({ schema: ListFiles }) { page }: z.infer<typeof ListFiles>): Promise<z.infer<typeof ContactAttachments>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.find(tx, contactId)) throw notFound();
      const visible = await this.members.visibleInboxIds(tx, me);
      const keys = await this.desk.messagesWithFilesOf(tx, contactId, visible, page);
      const displayIds = new Map(keys.map((key) => [key.conversation_id, key.display_id]));
      const rows = (await this.messages.listed(tx, keys.map((key) => ({ conversationId: key.conversation_id, id: key.message_id })))).sort((a, b) => b.id - a.id);
      const shown = await this.presenter.ofMany(rows, (row) => displayIds.get(row.conversation_id)!);
      return {
        meta: { total_count: await this.desk.countFilesOf(tx, contactId, visible) },
        payload: shown.flatMap((message, i) => (message.attachments ?? []).map((file) =>
          ({ ...file, conversation_id: message.conversation_id, created_at: secondsOf(rows[i]!.created_at), sender: message.sender ?? null }))),
      };
    });
  }
}

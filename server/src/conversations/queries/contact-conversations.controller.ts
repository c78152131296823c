import { Controller, Get, Param } from '@nestjs/common';
import type { z } from 'zod';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ConversationList } from './conversation.dto.js';
import { ConversationPresenter } from './conversation.presenter.js';
import { ConversationReader } from './conversation-reader.js';

const SHOWN = 20;

/** What else a person has written about. */
@Controller('api/v1/accounts/:account_id/contacts/:id/conversations')
@MemberOnly()
export class ContactConversationsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly members: InboxMembersRepository,
    private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
  ) {}

  /** The newest 20 that this member sees. */
  @Get()
  @answers(ConversationList)
  list(@CurrentMember() me: Member, @Param('id', { schema: pathId }) contactId: number): Promise<z.infer<typeof ConversationList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.find(tx, contactId)) throw notFound();
      const rows = await this.reader.ofContact(tx, contactId, await this.members.visibleInboxIds(tx, me), SHOWN);
      return { payload: await this.presenter.list(tx, rows) };
    });
  }
}

import { Body, Controller, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import { ReadsOnly, ScopeArea } from '../identity/access/token-scopes.js';
import { InboxesRepository } from '../inboxes/inboxes.repository.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers } from '../platform/http/answers.js';
import { notFound } from '../platform/http/problem.js';
import { ContactSchema, FindContactInbox } from './contact.dto.js';
import { ContactPresenter } from './contact.presenter.js';
import { ContactsRepository } from './contacts.repository.js';

/** People by their address on an inbox. */
@Controller('api/v1/accounts/:account_id/contact_inboxes')
@MemberOnly()
@ScopeArea('contacts')
export class ContactInboxesController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly inboxes: InboxesRepository, private readonly presenter: ContactPresenter) {}

  /** Who has this address on this inbox. */
  @Post('filter')
  @ReadsOnly()
  @answers(ContactSchema)
  find(@CurrentMember() me: Member, @Body({ schema: FindContactInbox }) body: FindContactInbox): Promise<z.infer<typeof ContactSchema>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const inbox = await this.inboxes.find(tx, body.inbox_id, isAdministrator(me) ? null : me.userId);
      const row = inbox && await this.contacts.findBySource(tx, inbox.id, body.source_id);
      if (!row) throw notFound();
      const titles = await this.contacts.labelTitles(tx, [row]);
      return this.presenter.present(row, await this.contacts.identities(tx, [row.id]), [...titles.values()].sort());
    });
  }
}

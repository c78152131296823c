import { Body, Controller, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { ContactSchema } from '../contact.dto.js';
import { ContactPresenter } from '../contact.presenter.js';
import { ContactsRepository } from '../contacts.repository.js';
import { MergeContacts } from './merge-contacts.service.js';
import { MergeContacts as MergeBody } from './merge.dto.js';

/** Two records of one person become one. */
@Controller('api/v1/accounts/:account_id/actions/contact_merge')
@MemberOnly()
@ScopeArea('contacts')
export class MergeController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly merging: MergeContacts, private readonly contacts: ContactsRepository, private readonly presenter: ContactPresenter) {}

  /** Answers the contact that stays; the other is gone afterwards. */
  @Post()
  @answers(ContactSchema)
  merge(@CurrentMember() me: Member, @Body({ schema: MergeBody }) body: MergeBody): Promise<z.infer<typeof ContactSchema>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.merging.merge(tx, body.base_contact_id, body.mergee_contact_id, me.userId);
      return this.presenter.present(row, await this.contacts.identities(tx, [row.id]));
    });
  }
}

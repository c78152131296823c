import { Body, Controller, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { ScopeArea } from '../identity/access/token-scopes.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers } from '../platform/http/answers.js';
import { LabelledMany, LabelMany } from './contact.dto.js';
import { LabelContacts } from './label-contacts.service.js';

/** Labels on many people at once. */
@Controller('api/v1/accounts/:account_id/contacts/bulk_labels')
@MemberOnly()
@ScopeArea('contacts')
export class LabelManyController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly labelling: LabelContacts) {}

  /** Up to 500 people; who is gone is left out. All of it or nothing. */
  @Post()
  @answers(LabelledMany)
  change(@CurrentMember() me: Member, @Body({ schema: LabelMany }) { ids, ...titles }: LabelMany): Promise<z.infer<typeof LabelledMany>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ changed: await this.labelling.change(tx, ids, titles, me.userId) }));
  }
}

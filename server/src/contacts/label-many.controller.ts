import { Body, Controller, Post } from '@nestjs/common';
import type { z } from 'zod';
import { Events } from '../delivery/events.js';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { LabelsRepository } from '../inboxes/labels.repository.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers } from '../platform/http/answers.js';
import { LabelledMany, LabelMany } from './contact.dto.js';
import './contact.events.js';
import { ContactsRepository } from './contacts.repository.js';

/** Labels on many people at once. */
@Controller('api/v1/accounts/:account_id/contacts/bulk_labels')
@MemberOnly()
export class LabelManyController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly labels: LabelsRepository, private readonly events: Events) {}

  /** Up to 500 people; who is gone is left out. All of it or nothing. */
  @Post()
  @answers(LabelledMany)
  change(@CurrentMember() me: Member, @Body({ schema: LabelMany }) body: LabelMany): Promise<z.infer<typeof LabelledMany>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const add = await this.labels.named(tx, body.add);
      const remove = await this.labels.known(tx, body.remove);
      const changed = await this.contacts.changeLabels(tx, body.ids, add.map((label) => label.id), remove.map((label) => label.id));
      await this.events.append(tx, ...changed.map(({ id, before, after }) =>
        ({ type: 'contact.updated' as const, actorId: me.userId, payload: { contact_id: id, changes: { label_list: [before, after] as const } } })));
      return { changed: changed.length };
    });
  }
}

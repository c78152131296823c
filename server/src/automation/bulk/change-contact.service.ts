import { Injectable } from '@nestjs/common';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { LabelContacts } from '../../contacts/label-contacts.service.js';
import { EraseConversations } from '../../conversations/erasure/erase-conversations.service.js';
import { Authenticator } from '../../identity/access/authenticator.service.js';
import { isAdministrator, type Member, type Principal } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';
import { notPermitted } from '../../platform/http/problem.js';
import type { ContactWork } from './bulk.dto.js';

/** Does with one person of many what is asked for all. */
@Injectable()
export class ChangeContact {
  constructor(private readonly contacts: ContactsRepository, private readonly labelling: LabelContacts, private readonly erasing: EraseConversations, private readonly authenticator: Authenticator) {}

  /** Deleting is for administrators who have just proved that it is them, one by one and in bulk. */
  demand(me: Member, user: Principal, work: ContactWork): void {
    if (!work.delete) return;
    if (!isAdministrator(me)) throw notPermitted();
    this.authenticator.demandFreshProof(user);
  }

  /** False when nothing was done: the person is gone, or who asked may not do it any more. */
  async change(tx: Tx, me: Member, contactId: number, { delete: isGoing, labels }: ContactWork): Promise<boolean> {
    if ((isGoing && !isAdministrator(me)) || !await this.contacts.find(tx, contactId)) return false;
    if (isGoing) await this.erasing.eraseContact(tx, contactId, me.userId);
    else if (labels) await this.labelling.change(tx, [contactId], labels, me.userId);
    return true;
  }
}

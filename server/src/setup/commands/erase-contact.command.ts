import { Injectable } from '@nestjs/common';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { EraseConversations } from '../../conversations/erasure/erase-conversations.service.js';
import { ErasureRepository } from '../../conversations/erasure/erasure.repository.js';
import { InstallationRepository } from '../../identity/installation/installation.repository.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { email, pathId } from '../../platform/http/schema-fields.js';
import { asRequest } from '../../platform/logging/request-context.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import { checked } from '../checked.js';
import type { Command, CommandResult } from '../command.js';
import { showProgress } from '../progress.js';
import { SetupError } from '../setup.errors.js';

/** Erases a person for good, as the dashboard does, for who keeps a list of erasures and works through it after a restore. */
@Injectable()
export class EraseContact implements Command {
  constructor(
    private readonly proof: AdministratorProof, private readonly installation: InstallationRepository, private readonly contacts: ContactsRepository, private readonly erasure: ErasureRepository,
    private readonly erasing: EraseConversations, private readonly unitOfWork: UnitOfWork,
  ) {}

  async run(asking: Asking): Promise<CommandResult> {
    const administrator = await this.proof.demand(asking);
    const given = Number(await asking.for({ option: 'account-id', ask: 'Number of the account' }));
    const account = (await this.installation.accounts()).find((row) => row.id === given);
    if (!account) throw new SetupError('There is no such account. The command list-accounts shows them.');
    const id = await this.whom(asking, accountId(account.id));
    showProgress()(`Erasing contact ${id} of account ${account.id} …`);
    const conversations = await this.erase(accountId(account.id), id, administrator);
    return {
      json: { account_id: account.id, contact_id: id, conversations },
      lines: [
        `Contact ${id} of ${account.name} is erased, with ${conversations} conversation${conversations === 1 ? '' : 's'}. The running installation removes their files within the hour.`,
        'Backups made before still hold all of it: note this number and address beside them, and erase again after a restore.',
      ],
    };
  }

  private async whom(asking: Asking, account: AccountId): Promise<number> {
    const number = asking.has('email') ? '' : await asking.for({ option: 'contact-id', ask: 'Number of the contact (empty: by address)', optional: true });
    const asked = number === '' ? checked('email', email, await asking.for({ option: 'email', ask: 'Address of the contact' })) : checked('contact-id', pathId, number);
    const found = await this.unitOfWork.run(account, (tx) => typeof asked === 'number' ? this.contacts.find(tx, asked) : this.contacts.findByEmail(tx, asked));
    if (!found) throw new SetupError(`This account has no contact ${asked}.`);
    return found.id;
  }

  // In the name of who asked, so that the audit log says who it was.
  private erase(account: AccountId, contactId: number, userId: number): Promise<number> {
    return new Promise((resolve, reject) => {
      asRequest({ id: 'setup', address: '', actor: `user ${userId}` }, () => {
        this.unitOfWork.run(account, async (tx) => {
          const conversations = await this.erasure.lockOfContact(tx, contactId);
          await this.erasing.eraseContact(tx, contactId, userId);
          return conversations.length;
        }).then(resolve, reject);
      });
    });
  }
}

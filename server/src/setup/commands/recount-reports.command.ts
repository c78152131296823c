import { Injectable } from '@nestjs/common';
import { accountId } from '../../platform/database/account-id.js';
import { CountHistory } from '../../reports/counting/count-history.service.js';
import { InstallationRepository } from '../../identity/installation/installation.repository.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { SetupError } from '../setup.errors.js';

/** Counts all that reports show of an account anew, from its conversations. What was erased since is no longer counted then. */
@Injectable()
export class RecountReports implements Command {
  constructor(private readonly proof: AdministratorProof, private readonly repository: InstallationRepository, private readonly history: CountHistory) {}

  async run(asking: Asking): Promise<CommandResult> {
    await this.proof.demand(asking);
    const given = Number(await asking.for({ option: 'account-id', ask: 'Number of the account' }));
    const account = (await this.repository.accounts()).find((row) => row.id === given);
    if (!account) throw new SetupError('There is no such account. The command list-accounts shows them.');
    await this.history.beginAnew(accountId(account.id));
    await this.history.finish(accountId(account.id));
    return { json: { account_id: account.id }, lines: [`The reports of ${account.name} have been counted again.`] };
  }
}

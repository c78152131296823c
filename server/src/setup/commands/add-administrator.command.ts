import { Inject, Injectable } from '@nestjs/common';
import { AgentRepository } from '../../identity/agents/agent.repository.js';
import { InstallationRepository } from '../../identity/installation/installation.repository.js';
import { Installations } from '../../identity/installation/installation.service.js';
import { invitationLink } from '../../identity/invitations/links.js';
import { OneTimeTokens } from '../../identity/one-time-tokens/one-time-tokens.repository.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { email, line, pathId } from '../../platform/http/schema-fields.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import { checked } from '../checked.js';
import type { Command, CommandResult } from '../command.js';
import { SetupError } from '../setup.errors.js';

/** Makes somebody, known or new, an administrator of an account. */
@Injectable()
export class AddAdministrator implements Command {
  constructor(
    private readonly proof: AdministratorProof, private readonly installations: Installations, private readonly repository: InstallationRepository, private readonly agents: AgentRepository,
    private readonly tokens: OneTimeTokens, private readonly system: SystemWork, @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(asking: Asking): Promise<CommandResult> {
    await this.proof.demand(asking);
    const accountId = checked('account-id', pathId, await asking.for({ option: 'account-id', ask: 'Number of the account' }));
    const account = await this.repository.accountName(accountId);
    if (account === undefined) throw new SetupError(`There is no account ${accountId}. list-accounts shows them.`);
    const address = checked('email', email, await asking.for({ option: 'email', ask: 'Address of the administrator' }));
    const name = checked('name', line(255), await asking.for({ option: 'name', ask: 'Their name, if they are new', optional: true }) || address.split('@')[0]);
    const made = await this.system.run(async (tx) => {
      const person = await this.agents.personFor(tx, name, address);
      // A link shown to an administrator of another account would open this one too.
      if (!person.made) await this.tokens.discardShown(tx, person.id);
      await this.installations.addAdministrator(tx, accountId, person.id);
      const secret = person.confirmed ? undefined : await this.tokens.issue(tx, 'invitation', { userId: person.id, accountId });
      return { userId: person.id, url: secret === undefined ? null : invitationLink(publicUrl(this.config), secret) };
    });
    return {
      json: { account_id: accountId, user_id: made.userId, email: address, invitation_url: made.url },
      lines: [`${address} is an administrator of "${account}" now.`, ...(made.url ? [`Their invitation, for seven days: ${made.url}`] : [])],
    };
  }
}

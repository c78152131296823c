import { Injectable } from '@nestjs/common';
import { ApiTokens } from '../../identity/api-tokens/api-tokens.repository.js';
import { InstallationRepository } from '../../identity/installation/installation.repository.js';
import { Installations } from '../../identity/installation/installation.service.js';
import { Mfa } from '../../identity/mfa/mfa.service.js';
import { hashPassword } from '../../identity/passwords/password-hash.js';
import { demandGoodPassword } from '../../identity/passwords/password.policy.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { email, line } from '../../platform/http/schema-fields.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import { checked } from '../checked.js';
import type { Command, CommandResult } from '../command.js';
import { SetupError } from '../setup.errors.js';

const name = line(255);

/** Creates an account with an administrator who can sign in at once. The first one needs nobody's leave. */
@Injectable()
export class CreateAccount implements Command {
  constructor(
    private readonly proof: AdministratorProof, private readonly installations: Installations, private readonly repository: InstallationRepository, private readonly users: UserRepository,
    private readonly mfa: Mfa, private readonly apiTokens: ApiTokens, private readonly system: SystemWork,
  ) {}

  async run(asking: Asking): Promise<CommandResult> {
    const first = await this.installations.needsSetup();
    if (!first) await this.proof.demand(asking);
    const accountName = checked('name', name, await asking.for({ option: 'name', ask: 'Name of the account' }));
    const person = {
      name: checked('admin-name', name, await asking.for({ option: 'admin-name', ask: 'Name of its administrator' })),
      email: checked('admin-email', email, await asking.for({ option: 'admin-email', ask: 'Their address' })),
    };
    if (await this.users.credentialsByEmail(person.email)) throw new SetupError(`${person.email} belongs to somebody already. Use another address, or add-administrator for an existing account.`);
    const password = await asking.for({ option: 'admin-password', ask: 'Their password (at least 12 characters)', hidden: true });
    demandGoodPassword(password, [person.name, person.email, accountName], '--admin-password');
    const digest = await hashPassword(password);

    const made = await this.system.run(async (tx) => {
      // Two at once on an empty installation: the second would be a second account without anybody's leave.
      if (first && !await this.repository.isEmptyForUs(tx)) throw new SetupError('Somebody was faster: an account exists now. Run this again with --as and --otp.');
      const ids = await this.installations.createAccount(tx, accountName, { ...person, digest });
      const { secret, recoveryCodes } = await this.mfa.enrol(tx, ids.userId);
      return { ...ids, secret, recoveryCodes, token: await this.apiTokens.replacePersonal(tx, ids.userId) };
    });
    return {
      json: { account_id: made.accountId, user_id: made.userId, email: person.email, totp_secret: made.secret, recovery_codes: made.recoveryCodes, api_access_token: made.token },
      lines: [
        `Account ${made.accountId} "${accountName}" is ready, with ${person.email} as its administrator.`,
        '', 'Shown now and never again:', `  Authenticator app  ${made.secret}`, `  API token          ${made.token}`, '  Recovery codes', ...made.recoveryCodes.map((code) => `    ${code}`),
      ],
    };
  }
}

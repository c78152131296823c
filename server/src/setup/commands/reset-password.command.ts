import { Inject, Injectable } from '@nestjs/common';
import { passwordResetLink } from '../../identity/invitations/links.js';
import { OneTimeTokens } from '../../identity/one-time-tokens/one-time-tokens.repository.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { SetupError } from '../setup.errors.js';

/** For somebody who forgot their password where no mail is set up. */
@Injectable()
export class ResetPasswordCommand implements Command {
  constructor(
    private readonly proof: AdministratorProof, private readonly users: UserRepository, private readonly tokens: OneTimeTokens, private readonly system: SystemWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(asking: Asking): Promise<CommandResult> {
    await this.proof.demand(asking);
    const email = (await asking.for({ option: 'email', ask: 'Address of the person' })).toLowerCase();
    const person = await this.users.credentialsByEmail(email);
    if (!person) throw new SetupError(`Nobody has the address ${email}.`);
    const secret = await this.system.run((tx) => this.tokens.issue(tx, 'password_reset', { userId: person.user_id }));
    const url = passwordResetLink(publicUrl(this.config), secret);
    return { json: { user_id: person.user_id, email, reset_url: url }, lines: [`A new password for ${email}, once and within two hours: ${url}`] };
  }
}

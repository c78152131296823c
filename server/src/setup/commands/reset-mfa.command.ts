import { Injectable } from '@nestjs/common';
import { Mfa } from '../../identity/mfa/mfa.service.js';
import { Sessions } from '../../identity/sessions/sessions.service.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { SetupError } from '../setup.errors.js';

/** For somebody who lost their phone and their recovery codes. */
@Injectable()
export class ResetMfa implements Command {
  constructor(
    private readonly proof: AdministratorProof, private readonly users: UserRepository, private readonly mfa: Mfa, private readonly sessions: Sessions, private readonly system: SystemWork,
  ) {}

  async run(asking: Asking): Promise<CommandResult> {
    await this.proof.demand(asking);
    const email = (await asking.for({ option: 'email', ask: 'Address of the person' })).toLowerCase();
    const person = await this.users.credentialsByEmail(email);
    if (!person) throw new SetupError(`Nobody has the address ${email}.`);
    await this.system.run(async (tx) => {
      await this.mfa.reset(tx, person.user_id);
      await this.sessions.endOthers(tx, person.user_id);
    });
    return { json: { user_id: person.user_id, email, mfa_enabled: false }, lines: [`${email} signs in without a second factor now.`] };
  }
}

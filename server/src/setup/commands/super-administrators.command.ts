import { Injectable } from '@nestjs/common';
import { SuperAdministrators } from '../../identity/access/super-administrators.repository.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { SetupError } from '../setup.errors.js';
import { askForPerson } from './person-of-command.js';

/** Lets an administrator see and do what concerns the whole installation. */
@Injectable()
export class AddSuperAdministrator implements Command {
  constructor(private readonly proof: AdministratorProof, private readonly users: UserRepository, private readonly superAdministrators: SuperAdministrators, private readonly system: SystemWork) {}

  async run(asking: Asking): Promise<CommandResult> {
    const { id, email, administrates } = await askForPerson(asking, this.proof, this.users);
    if (!administrates) throw new SetupError(`${email} is not an administrator of any account. Use add-administrator first.`);
    await this.system.run((tx) => this.superAdministrators.add(tx, id));
    return { json: { user_id: id, email, super_administrator: true }, lines: [`${email} runs this installation now: the System page shows all of it.`] };
  }
}

/** Takes that right away again. */
@Injectable()
export class RemoveSuperAdministrator implements Command {
  constructor(private readonly proof: AdministratorProof, private readonly users: UserRepository, private readonly superAdministrators: SuperAdministrators, private readonly system: SystemWork) {}

  async run(asking: Asking): Promise<CommandResult> {
    const { id, email } = await askForPerson(asking, this.proof, this.users);
    const removed = await this.system.run((tx) => this.superAdministrators.remove(tx, id));
    if (!removed) throw new SetupError(`${email} is the last one. Use add-super-administrator for somebody else first.`);
    return { json: { user_id: id, email, super_administrator: false }, lines: [`${email} no longer runs this installation.`] };
  }
}

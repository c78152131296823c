import { Injectable } from '@nestjs/common';
import { InstallationRepository } from '../../identity/installation/installation.repository.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';

@Injectable()
export class ListAccounts implements Command {
  constructor(private readonly proof: AdministratorProof, private readonly repository: InstallationRepository) {}

  async run(asking: Asking): Promise<CommandResult> {
    await this.proof.demand(asking);
    const rows = await this.repository.accounts();
    return {
      json: { accounts: rows.map((row) => ({ account_id: row.id, name: row.name, people: row.people, created_at: row.created_at.toISOString() })) },
      lines: rows.map((row) => `${row.id}\t${row.name}\t${row.people} ${row.people === 1 ? 'person' : 'people'}`),
    };
  }
}

import { Injectable } from '@nestjs/common';
import { ApiTokens } from '../../identity/api-tokens/api-tokens.repository.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { line } from '../../platform/http/schema-fields.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import { checked } from '../checked.js';
import type { Command, CommandResult } from '../command.js';

/** For a program of the operator that makes accounts and people by itself. */
@Injectable()
export class CreatePlatformApp implements Command {
  constructor(private readonly proof: AdministratorProof, private readonly tokens: ApiTokens, private readonly system: SystemWork) {}

  async run(asking: Asking): Promise<CommandResult> {
    await this.proof.demand(asking);
    const name = checked('name', line(255), await asking.for({ option: 'name', ask: 'Name of the program' }));
    const made = await this.system.run(async (tx) => {
      const app = await tx.one<{ id: number }>('INSERT INTO platform_apps (name) VALUES ($1) RETURNING id', [name]);
      return { id: app!.id, token: await this.tokens.replaceOfMachine(tx, 'PlatformApp', app!.id) };
    });
    return { json: { platform_app_id: made.id, api_access_token: made.token }, lines: [`${name} has been let in. Its token, shown only now:`, made.token] };
  }
}

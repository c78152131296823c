import { Inject, Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid } from '../../platform/http/problem.js';
import { SuperAdministrators } from '../access/super-administrators.repository.js';
import { installationLink } from '../invitations/links.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { hashPassword } from '../passwords/password-hash.js';
import { demandGoodPassword } from '../passwords/password.policy.js';
import type { FirstAccount } from './installation.dto.js';
import { InstallationRepository, type NewPerson } from './installation.repository.js';

const linkUsed = () => invalid('setup_token', 'This link is not valid any more. Restart Porchlight to get a new one, unless somebody has set it up already.');

/** The very first account and its administrator. */
@Injectable()
export class Installations {
  constructor(
    private readonly repository: InstallationRepository, private readonly tokens: OneTimeTokens, private readonly superAdministrators: SuperAdministrators,
    private readonly system: SystemWork, private readonly events: Events, private readonly clock: Clock, @Inject(CONFIG) private readonly config: Config,
  ) {}

  needsSetup(): Promise<boolean> {
    return this.repository.isEmpty();
  }

  /** A new link that creates the first administrator, for a day; undefined once somebody exists. */
  async setupLink(): Promise<string | undefined> {
    if (!await this.repository.isEmpty()) return undefined;
    return installationLink(publicUrl(this.config), await this.system.run((tx) => this.tokens.issue(tx, 'installation', {})));
  }

  /** Creates the first account. Of several at once, one wins. Returns the administrator's user id. */
  async setUp(given: FirstAccount): Promise<number> {
    if (!await this.tokens.find('installation', given.setup_token)) throw linkUsed();
    demandGoodPassword(given.password, [given.name, given.email, given.account_name]);
    const digest = await hashPassword(given.password);
    return this.system.run(async (tx) => {
      if (!await this.repository.isEmptyForUs(tx) || !await this.tokens.use(tx, 'installation', given.setup_token)) throw linkUsed();
      await this.tokens.discard(tx, 'installation', null);
      return (await this.createAccount(tx, given.account_name, { name: given.name, email: given.email, digest })).userId;
    });
  }

  /** An account with a new person as its administrator. */
  async createAccount(tx: SystemTx, accountName: string, person: NewPerson): Promise<{ accountId: number; userId: number }> {
    const account = await this.repository.createAccount(tx, accountName);
    const userId = await this.repository.createPerson(tx, person, this.clock.date());
    await this.addAdministrator(tx, account, userId);
    return { accountId: account, userId };
  }

  async addAdministrator(tx: SystemTx, account: number, userId: number): Promise<void> {
    await this.repository.makeAdministrator(tx, account, userId);
    await this.superAdministrators.addFirst(tx, userId);
    await this.events.append(this.system.within(tx, accountId(account)), { type: 'agent.created', payload: { user_id: userId } });
  }
}

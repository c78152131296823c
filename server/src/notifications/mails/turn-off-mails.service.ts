import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { NotificationSettingsRepository } from '../settings/settings.repository.js';
import { NotificationMailsRepository, type MailRecipient } from './mails.repository.js';

const PURPOSE = 'turn off notification mails';
/** Whose mails a link turns off. It stays good: an old mail is no less of a nuisance than a new one. */
interface Whose { a: number; u: number }

/** Lets people turn off their notification mails from the mail itself, without signing in. */
@Injectable()
export class TurnOffMails {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly mails: NotificationMailsRepository, private readonly settings: NotificationSettingsRepository, private readonly keyring: Keyring,
    private readonly clock: Clock, @Inject(CONFIG) private readonly config: Config,
  ) {}

  link(account: AccountId, userId: number): string {
    return `${publicUrl(this.config)}/notification-mails/${this.keyring.sign(PURPOSE, { a: account, u: userId } satisfies Whose)}`;
  }

  preferencesLink(account: number): string {
    return `${publicUrl(this.config)}/app/accounts/${account}/settings/notifications`;
  }

  /** Undefined for a link that is not ours, and for somebody who is no longer there. */
  async whose(token: string): Promise<{ account: AccountId; userId: number; person: MailRecipient } | undefined> {
    const whose = this.keyring.verify<Whose>(PURPOSE, token);
    if (!whose) return undefined;
    const account = accountId(whose.a);
    const person = await this.unitOfWork.run(account, (tx) => this.mails.recipient(tx, whose.u));
    return person && { account, userId: whose.u, person };
  }

  /** All of this account's mails to this person, also those that wait; what they are told elsewhere stays. */
  async turnOff(account: AccountId, userId: number): Promise<void> {
    await this.unitOfWork.run(account, async (tx) => {
      await this.settings.write(tx, userId, { ...await this.settings.of(tx, userId), email_flags: 0 });
      await this.mails.settle(tx, userId, this.clock.date());
    });
  }
}

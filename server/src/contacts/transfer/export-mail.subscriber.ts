import { Inject, Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { writeMail } from '../../identity/mails/write-mail.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import '../contact.events.js';

/** Tells whoever asked for it that a file of people is ready. The mail leads to the dashboard: having the file's own address would be enough to read it. */
@Injectable()
@Subscribes({ name: 'export-mail', reaches: 'outside', hears: ['contacts.exported'] })
export class ExportMail implements Subscriber<'contacts.exported'> {
  constructor(private readonly users: UserRepository, private readonly mailer: Mailer, @Inject(CONFIG) private readonly config: Config) {}

  async handle(event: StoredEvent<'contacts.exported'>): Promise<void> {
    if (!this.mailer.configured || event.actor_id === null) return;
    const user = await this.users.withMemberships(event.actor_id);
    const account = user?.memberships.find((membership) => membership.account_id === event.account_id);
    // Who has left the account meanwhile gets nothing of it.
    if (!user || !account) return;
    const link = `${publicUrl(this.config)}/app/accounts/${event.account_id}/contacts?export=${event.payload.export_id}`;
    const facts = { kind: 'exported' as const, locale: user.locale ?? account.account_locale, name: user.name, email: user.email, account: account.account_name, inviter: '', link };
    await this.mailer.send({ to: { name: user.name, address: user.email }, ...writeMail(facts) });
  }
}

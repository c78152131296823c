import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import { invitationLink, passwordResetLink } from '../invitations/links.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { UserRepository } from '../users/user.repository.js';
import { writeMail, type MailFacts } from './write-mail.js';

interface LinkMail { kind: 'invitation' | 'reset'; eventId: number; accountId: number; userId: number; inviterId?: number }

/** Writes and sends the mails that carry a one-time link. */
@Injectable()
export class MailLinks {
  constructor(
    private readonly users: UserRepository, private readonly tokens: OneTimeTokens, private readonly mailer: Mailer, private readonly system: SystemWork,
    private readonly keyring: Keyring, @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Sends the link an event asks for. Run again for the same event it sends the same link; people who are gone get none. */
  async send(mail: LinkMail): Promise<void> {
    if (!this.mailer.configured) return;
    const user = await this.users.withMemberships(mail.userId);
    const asking = user?.invitations.find((one) => one.account_id === mail.accountId);
    if (!user || (mail.kind === 'invitation' && !asking && user.confirmed_at !== null)) return;
    const secret = this.keyring.mac(`link of ${mail.kind}`, String(mail.eventId)).toString('base64url');
    const [purpose, link] = mail.kind === 'invitation' ? ['invitation', invitationLink] as const : ['password_reset', passwordResetLink] as const;
    const accountId = mail.kind === 'invitation' ? mail.accountId : undefined;
    await this.system.run((tx) => this.tokens.issue(tx, purpose, { userId: user.id, accountId, mailedTo: user.email }, secret));
    const inviter = mail.inviterId === undefined ? undefined : await this.users.withMemberships(mail.inviterId);
    const account = asking ?? user.memberships.find((m) => m.account_id === mail.accountId);
    const kind: MailFacts['kind'] = asking && mail.kind === 'invitation' && user.address_proved && user.confirmed_at ? 'joining' : mail.kind;
    // Their own language, or else that of the account.
    const facts = { kind, locale: user.locale ?? account?.account_locale ?? null, name: user.name, email: user.email, account: account?.account_name ?? '', inviter: inviter?.name ?? account?.account_name ?? '' };
    await this.mailer.send({ to: { name: user.name, address: user.email }, ...writeMail({ ...facts, link: link(publicUrl(this.config), secret) }) });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { SmtpSender } from '../../../platform/smtp/smtp-sender.js';
import { serverOfUrl, type SmtpMail, type SmtpOutcome, type SmtpServer } from '../../../platform/smtp/smtp-server.js';
import type { ChannelInbox } from '../../contract/channel.js';
import { emailConfig, type EmailSettings } from '../email.config.js';
import { MailAccessTokens, type NoToken } from './mail-access-tokens.service.js';

/** Finds the server that sends an inbox's mail, and hands mail to it. */
@Injectable()
export class SmtpAccounts {
  private readonly own: SmtpServer | undefined;

  constructor(private readonly tokens: MailAccessTokens, private readonly smtp: SmtpSender, @Inject(CONFIG) config: Config) {
    this.own = config.SMTP_URL === undefined ? undefined : serverOfUrl(config.SMTP_URL);
  }

  /** The inbox's own server, signed in as it says, with another token than was refused; else the installation's. */
  async of(inbox: ChannelInbox, refused?: string): Promise<SmtpServer | NoToken> {
    const settings = emailConfig(inbox.config);
    if (!settings.smtp_enabled) return this.own ?? { permanent: true, reason: 'No server for sending is set up for this inbox.' };
    if (!settings.smtp_address) return { permanent: true, reason: 'The inbox has no server for sending.' };
    const server = serverOfSettings(settings);
    if (settings.smtp_authentication !== 'xoauth2') return { ...server, password: inbox.secrets['smtp_password'] || inbox.secrets['imap_password'] || '' };
    const token = await this.tokens.of(inbox, refused);
    return 'token' in token ? { ...server, accessToken: token.token } : token;
  }

  /** Hands over one mail, once. A token may end before its time: then the server is asked with a new one. */
  async send(inbox: ChannelInbox, server: SmtpServer, mail: SmtpMail): Promise<SmtpOutcome | NoToken> {
    const outcome = await this.smtp.send(server, mail);
    if (server.accessToken === undefined || outcome.kind !== 'refused' || outcome.stage !== 'sign_in') return outcome;
    const again = await this.of(inbox, server.accessToken);
    return 'reason' in again ? again : this.smtp.send(again, mail);
  }
}

/** What the settings say of the server, without any secret. */
export function serverOfSettings(settings: EmailSettings): SmtpServer {
  // Left out it is the mailbox's own; emptied on purpose, the server wants nobody to sign in.
  const user = settings.smtp_login ?? (settings.imap_login || settings.email);
  return {
    host: settings.smtp_address ?? '', port: settings.smtp_port, security: settings.smtp_enable_ssl_tls ? 'tls' : settings.smtp_enable_starttls_auto ? 'starttls' : 'none',
    ...(user && { user }), ...(settings.smtp_openssl_verify_mode === 'none' && { unverified: true }),
  };
}

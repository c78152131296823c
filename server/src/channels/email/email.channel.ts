import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { Channel, ChannelInbox } from '../contract/channel.js';
import { MAX_CONTENT } from '../contract/message-text.js';
import type { OutboundMessage, SendOutcome } from '../contract/outbound-message.js';
import { EMAIL_SECRETS, EmailConfig, emailConfig, newEmailConfig } from './email.config.js';
import { MailMessagesRepository } from './mail-messages.repository.js';
import { ReputationsRepository } from './threading/reputations.repository.js';
import { SendMail } from './sending/send-mail.service.js';

/** Mail: comes in by IMAP or over HTTP, goes out by SMTP. */
@Injectable()
export class EmailChannel implements Channel {
  readonly id = 'email';
  readonly wireType = 'Channel::Email';
  // Every try carries the same Message-ID, but not every mailbox drops what it has: after a lost confirmation a person decides.
  readonly capabilities = {
    attachments: true, maxLength: MAX_CONTENT, idempotentSend: false, sendsByWorker: true, typing: false, readReceipts: false, addressed: true, quotes: true, sendMs: 120_000, automaticAnswersPerHour: 3,
  };
  readonly configSchema = EmailConfig as unknown as z.ZodType<Record<string, unknown>>;
  readonly secretSettings = EMAIL_SECRETS;

  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly mail: SendMail, private readonly mails: MailMessagesRepository, private readonly reputations: ReputationsRepository,
  ) {}

  newConfig(): Record<string, unknown> {
    return newEmailConfig();
  }

  newSecrets(): Record<string, string> {
    return {};
  }

  present(inbox: ChannelInbox, audience: 'administrator' | 'agent', publicUrl: string): Record<string, unknown> {
    const c = emailConfig(inbox.config);
    const domain = this.config.MAILER_INBOUND_EMAIL_DOMAIN;
    return {
      email: c.email, has_signature: Boolean(c.signature), forwarding_enabled: domain !== undefined, forward_to_email: domain === undefined ? null : `${c.forward_token}@${domain}`,
      ...(audience === 'administrator' ? {
        inbound_url: `${publicUrl}/hooks/email/${inbox.publicToken}`, provider: c.provider,
        imap_enabled: c.imap_enabled, imap_address: c.imap_address, imap_port: c.imap_port, imap_login: c.imap_login, imap_enable_ssl: c.imap_enable_ssl, imap_authentication: c.imap_authentication,
        imap_folders: c.imap_folders, imap_backfill_days: c.imap_backfill_days,
        smtp_enabled: c.smtp_enabled, smtp_address: c.smtp_address, smtp_port: c.smtp_port, smtp_login: c.smtp_login, smtp_domain: c.smtp_domain,
        smtp_enable_starttls_auto: c.smtp_enable_starttls_auto, smtp_enable_ssl_tls: c.smtp_enable_ssl_tls, smtp_openssl_verify_mode: c.smtp_openssl_verify_mode,
        smtp_authentication: c.smtp_authentication,
        from_name: c.from_name, plus_addressing: c.plus_addressing, signature: c.signature, agents_answer_by_mail: c.agents_answer_by_mail, trusted_forwarders: c.trusted_forwarders,
        trusted_authserv_ids: c.trusted_authserv_ids, ses_topic_arn: c.ses_topic_arn,
        // Which secrets are kept; none of them is ever shown.
        secrets_set: EMAIL_SECRETS.filter((name) => inbox.secrets[name]),
      } : {}),
    };
  }

  leftSomebodyOut(tx: Tx, { conversationId, messageId }: { conversationId: number; messageId: number }): Promise<boolean> {
    return this.mails.refused(tx, conversationId, messageId).then((refused) => refused.length > 0);
  }

  send(message: OutboundMessage, inbox: ChannelInbox): Promise<SendOutcome> {
    return this.mail.send(message, inbox);
  }

  learn(tx: Tx, sourceId: string, said: 'spam' | 'wanted', takesBack: boolean): Promise<void> {
    return this.reputations.learn(tx, sourceId, said, takesBack);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { taggedAddress } from '../compose/mail-addresses.js';
import type { EmailSettings } from '../email.config.js';
import { MailMessagesRepository } from '../mail-messages.repository.js';

/** Where answers to our mails go. */
@Injectable()
export class ReplyAddress {
  constructor(private readonly mails: MailMessagesRepository, @Inject(CONFIG) private readonly config: Config) {}

  /** An address that names the conversation, where one can be relied on to arrive; else the inbox's own. */
  async of(tx: Tx, conversationId: number, own: string, settings: EmailSettings): Promise<string> {
    const domain = this.config.MAILER_INBOUND_EMAIL_DOMAIN;
    if (domain !== undefined && !settings.imap_enabled) return `reply+${await this.mails.replyToken(tx, conversationId)}@${domain}`;
    return settings.plus_addressing ? taggedAddress(own, await this.mails.replyToken(tx, conversationId)) : own;
  }
}

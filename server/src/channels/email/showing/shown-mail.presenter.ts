import { Injectable } from '@nestjs/common';
import { Direction, type MailPerson } from '../mail-messages.repository.js';
import { remotePictures } from './mail-page.js';
import { MailPageAddresses } from './mail-page-addresses.service.js';
import type { ShownMail } from './shown-mail.dto.js';
import type { ShownMailRow } from './shown-mails.repository.js';

const people = (list: MailPerson[]): MailPerson[] => list.map(({ name, address }) => ({ name, address }));

/** Shows the mail behind a message. */
@Injectable()
export class ShownMailPresenter {
  constructor(private readonly addresses: MailPageAddresses) {}

  /** `pictures`: somebody asked to see those from elsewhere. A mail that only claims to be from somebody trusted is not trusted. */
  present(accountId: number, mail: ShownMailRow, pictures: boolean): ShownMail {
    const proved = mail.writer_id !== null && mail.authentication?.aligned === true;
    const shown = pictures || (mail.pictures_trusted && proved);
    const page = (whole: boolean): string => this.addresses.page({ accountId, conversationId: mail.conversation_id, messageId: mail.message_id, whole, pictures: shown });
    const { authentication } = mail;
    return {
      subject: mail.subject, direction: mail.direction === Direction.in ? 'in' : 'out', date: mail.mailed_at && Math.floor(mail.mailed_at.getTime() / 1000),
      from: mail.from_address === null ? null : { name: mail.from_name ?? '', address: mail.from_address }, to: people(mail.to_list), cc: people(mail.cc_list), bcc: people(mail.bcc_list), reply_to: people(mail.reply_to_list),
      authentication: authentication && { spf: authentication.spf, dkim: authentication.dkim, dmarc: authentication.dmarc, aligned: authentication.aligned },
      pages: { whole: page(true), new_text: mail.parts?.html_reply ? page(false) : null },
      pictures: { remote: mail.html_body === null ? 0 : remotePictures(mail.html_body), shown, trusted: mail.pictures_trusted, may_trust: proved },
      has_original: mail.raw_key !== null, refused: (mail.refused_list ?? []).map(({ address, reason }) => ({ address, reason })),
    };
  }
}

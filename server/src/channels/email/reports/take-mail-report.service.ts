import { Injectable } from '@nestjs/common';
import { accountId } from '../../../platform/database/account-id.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { StatusPort } from '../../contract/ports.js';
import { Direction, type MailMessageRow } from '../mail-messages.repository.js';
import { OutgoingMailsRepository } from '../sending/outgoing-mails.repository.js';
import { knownForms } from '../threading/thread-keys.js';
import { newsOf, type MailReport } from './delivery-news.js';

const MAX_IDS = 50;

/** Makes what mail servers report about our mails the state of our messages. */
@Injectable()
export class TakeMailReport {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly outgoing: OutgoingMailsRepository, private readonly statuses: StatusPort) {}

  /** Takes a report that came to an inbox; `externalId` names the report. Our message it is about, or undefined when it is about none of ours. */
  async take(inbox: { accountId: number; id: number }, report: MailReport, externalId: string): Promise<{ conversationId: number; messageId: number } | undefined> {
    const mail = await this.unitOfWork.run(accountId(inbox.accountId), (tx) => this.find(tx, inbox.id, report.aboutIds));
    if (!mail) return undefined;
    const addresses = (list: MailMessageRow['to_list']): string[] => list.map(({ address }) => address.toLowerCase());
    const news = newsOf(report, { to: addresses(mail.to_list), cc: addresses([...mail.cc_list, ...mail.bcc_list]) });
    const found = { conversationId: mail.conversation_id, messageId: mail.message_id };
    if (!news) return found;
    await this.unitOfWork.run(accountId(inbox.accountId), async (tx) => {
      for (const { address, reason, detail } of news.hold) await this.outgoing.hold(tx, address, { reason, detail, ...found });
    });
    await this.statuses.report(inbox, mail.conversation_id, {
      kind: 'message_status', externalId: `report:${externalId}`, messageId: mail.message_id, status: news.status, ...(news.reason !== undefined && { reason: news.reason }),
    });
    return found;
  }

  /** Only mails that this inbox sent: nobody reports on another's. */
  private find(tx: Tx, inboxId: number, ids: readonly string[]): Promise<MailMessageRow | undefined> {
    return tx.one<MailMessageRow>(
      `SELECT m.* FROM mail_message_ids k JOIN mail_messages m ON m.account_id = k.account_id AND m.conversation_id = k.conversation_id AND m.message_id = k.message_id
       WHERE k.account_id = $1 AND k.rfc_message_id = ANY ($2::text[]) AND m.inbox_id = $3 AND m.direction = ${Direction.out} ORDER BY array_position($2::text[], k.rfc_message_id) LIMIT 1`,
      [tx.accountId, knownForms(ids.slice(0, MAX_IDS)), inboxId]);
  }
}

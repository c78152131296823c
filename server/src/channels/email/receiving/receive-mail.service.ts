import { Injectable } from '@nestjs/common';
import { Jobs } from '../../../delivery/job.js';
import type { AccountId } from '../../../platform/database/account-id.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Log } from '../../../platform/logging/log.js';
import { Uploads } from '../../../platform/storage/uploads.js';
import { RawMailsRepository, type MailEnvelope } from './raw-mails.repository.js';

/** Largest mail that is taken in, as it travels. */
export const MAX_MAIL_BYTES = 50 * 1024 * 1024;
export const INGEST_MAILS = 'ingest-mails';
/** What the job that works off an inbox's mail is told. */
export interface IngestMails { accountId: number; inboxId: number }

/** Undoes the transaction of a request that came before. */
class TakenBefore extends Error {}

/** The one way in for mails, whoever brings them: kept first, understood later. */
@Injectable()
export class ReceiveMail {
  constructor(
    private readonly uploads: Uploads, private readonly raws: RawMailsRepository, private readonly unitOfWork: UnitOfWork, private readonly jobs: Jobs, private readonly log: Log,
  ) {}

  /** Stores a mail, encrypted, while it arrives. When this resolves it is on disk and in the database; whoever brought it may forget it. The same bytes again are the same mail. */
  async receive(accountId: AccountId, inboxId: number, mail: { source: string; bytes: AsyncIterable<Buffer>; envelope: MailEnvelope }): Promise<{ id: number; duplicate: boolean }> {
    const staged = await this.uploads.stageBytes(accountId, mail.bytes, MAX_MAIL_BYTES);
    const stored = await this.unitOfWork.run(accountId, async (tx) => {
      const result = await this.raws.insert(tx, { inboxId, source: mail.source, envelope: mail.envelope, ...staged });
      tx.afterCommit(() => this.wake({ accountId, inboxId }));
      return result;
    });
    if (stored.duplicate) await this.uploads.discard(accountId, [staged]);
    return stored;
  }

  /** Stores mails that were fetched together, in their order and in one transaction with `alsoStore`: how far a mailbox has been read commits with what was read. */
  async receiveAll(accountId: AccountId, inboxId: number, source: string, mails: { bytes: AsyncIterable<Buffer>; envelope: MailEnvelope }[], alsoStore: (tx: Tx) => Promise<void>): Promise<void> {
    const staged = await this.uploads.stageAllBytes(accountId, mails.map((mail) => mail.bytes), MAX_MAIL_BYTES);
    try {
      const spare = await this.unitOfWork.run(accountId, async (tx) => {
        const known = await this.raws.insertAll(tx, { inboxId, source }, mails.map((mail, n) => ({ ...staged[n]!, envelope: mail.envelope })));
        await alsoStore(tx);
        tx.afterCommit(() => this.wake({ accountId, inboxId }));
        return known;
      });
      await this.uploads.discard(accountId, spare);
    } catch (error) {
      await this.uploads.discard(accountId, staged);
      throw error;
    }
  }

  /** Stores a mail out of a request that may be taken only once, where it has a name; the same name again changes nothing. */
  async receiveOnce(accountId: AccountId, inboxId: number, source: string, mail: { bytes: AsyncIterable<Buffer>; envelope: MailEnvelope; once?: string }): Promise<void> {
    const { once } = mail;
    if (once === undefined) {
      await this.receive(accountId, inboxId, { source, ...mail });
      return;
    }
    try {
      await this.receiveAll(accountId, inboxId, source, [mail], async (tx) => {
        if (!await this.raws.takeReceipt(tx, inboxId, once)) throw new TakenBefore();
      });
    } catch (error) {
      if (!(error instanceof TakenBefore)) throw error;
    }
  }

  /** Starts the work on an inbox's mail. A hint only: the sweeper finds what is forgotten. */
  wake(inbox: IngestMails): void {
    this.jobs.add(INGEST_MAILS, inbox, { key: `${inbox.accountId}-${inbox.inboxId}` })
      .catch((error: unknown) => this.log.debug('the sweeper will read this mail', { ...inbox, error: (error as Error).message }));
  }
}

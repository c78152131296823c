import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job } from '../../../delivery/job.js';
import { InboxLookup } from '../../../inboxes/inbox-lookup.service.js';
import { accountId, type AccountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Problem } from '../../../platform/http/problem.js';
import { Log } from '../../../platform/logging/log.js';
import { FileStore } from '../../../platform/storage/file-store.js';
import { emailConfig } from '../email.config.js';
import { MailReader, UnreadableMail } from '../reading/mail-reader.service.js';
import { AuthenticateMail } from '../threading/authenticate-mail.service.js';
import { threadKeys } from '../threading/thread-keys.js';
import { ThreadsRepository } from '../threading/threads.repository.js';
import { IngestMail, type MailInbox, type UnderstoodMail } from './ingest-mail.service.js';
import { RawMailsRepository, type RawMailRow } from './raw-mails.repository.js';
import { INGEST_MAILS, ReceiveMail, type IngestMails } from './receive-mail.service.js';
import { WorkInOrder } from './work-in-order.js';

/** Mails, and their size together, that are taken up at once: all of them are in memory. */
const AT_ONCE = { mails: 40, bytes: 8 * 1024 * 1024 };
/** Mails in a row before other inboxes get their turn. */
const IN_A_ROW = 200;
/** Stored side by side. */
const PLACES = 6;
const MAX_TRIES = 6;
const FIRST_PAUSE_S = 5;

/** Works off the mails of one inbox in the order they came: an answer must find what it answers. */
@Injectable()
@RunsJob({ name: INGEST_MAILS })
export class IngestMailsJob implements Job<IngestMails> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly raws: RawMailsRepository, private readonly inboxes: InboxLookup, private readonly files: FileStore, private readonly reader: MailReader,
    private readonly authentication: AuthenticateMail, private readonly ingestion: IngestMail, private readonly threads: ThreadsRepository,
    private readonly receiving: ReceiveMail, private readonly log: Log,
  ) {}

  async run({ accountId: id, inboxId }: IngestMails): Promise<void> {
    const account = accountId(id);
    const found = await this.inboxes.byId(account, inboxId);
    if (!found) return;
    const inbox: MailInbox = { id: inboxId, accountId: id, publicToken: found.public_token, settings: emailConfig(found.channel_config) };
    for (let done = 0; done < IN_A_ROW;) {
      const claimed = await this.unitOfWork.run(account, (tx) => this.raws.claim(tx, inboxId, AT_ONCE));
      if (claimed.length === 0) return;
      done += claimed.length;
      await this.workOff(account, inbox, claimed);
    }
    this.receiving.wake({ accountId: id, inboxId });
  }

  /** Reads them all at once and stores them side by side; those of one thread or one sender in their order. One that cannot be read or stored keeps none of the others. */
  private async workOff(account: AccountId, inbox: MailInbox, claimed: RawMailRow[]): Promise<void> {
    const reading = claimed.map((raw) => this.understand(raw, inbox).catch((error: Error) => error));
    const storing = new WorkInOrder(PLACES);
    for (const [n, raw] of claimed.entries()) {
      const understood = await reading[n]!;
      if (understood instanceof Error) storing.add([], () => this.putAside(account, raw, understood, undefined));
      else storing.add(await this.namesOf(account, understood), () => this.ingestion.ingest(inbox, understood).catch((error: Error) => this.putAside(account, raw, error, understood)));
    }
    await storing.done();
  }

  /** All names under which a mail may have to do with another one. */
  private async namesOf(account: AccountId, { mail, raw }: UnderstoodMail): Promise<string[]> {
    const keys = threadKeys(mail, raw.envelope.rcpt_to);
    const ids = [...keys.ids, ...(mail.report?.aboutIds ?? [])];
    const conversations = ids.length + keys.tokens.length + keys.uuids.length > 0 ? await this.unitOfWork.run(account, (tx) => this.threads.conversationsOf(tx, { ...keys, ids })) : [];
    return [`from ${mail.from?.address ?? ''}`, ...[mail.messageId, ...ids].map((id) => `id ${id}`), ...conversations.map((id) => `conversation ${id}`)];
  }

  private async understand(raw: RawMailRow, inbox: MailInbox): Promise<UnderstoodMail> {
    const bytes = await this.files.readAll(raw.storage_key);
    if (!bytes) throw new UnreadableMail('The stored mail is gone.');
    // The thread gets a copy of its own: what is handed over cannot be looked at here any more.
    const mail = await this.reader.read(new Uint8Array(bytes));
    return { raw, mail, authentication: await this.authentication.verdict(bytes, mail, raw.envelope, inbox.settings) };
  }

  private async putAside(account: AccountId, raw: RawMailRow, error: Error, understood: UnderstoodMail | undefined): Promise<void> {
    const known = { subject: understood?.mail.subject.slice(0, 1_000) ?? null, from: understood?.mail.from?.address ?? null };
    const hopeless = error instanceof UnreadableMail || (error instanceof Problem && error.kind !== 'unavailable' && error.kind !== 'conflict');
    const reason = error instanceof UnreadableMail || error instanceof Problem ? error.message : 'This mail could not be stored.';
    if (hopeless || raw.attempts >= MAX_TRIES) this.log.warn('a mail waits in the repair list', { raw_mail: raw.id, inbox: raw.inbox_id, error: error.message });
    await this.unitOfWork.run(account, (tx) => (hopeless || raw.attempts >= MAX_TRIES
      ? this.raws.markFailed(tx, raw.id, reason, known) : this.raws.postpone(tx, raw.id, FIRST_PAUSE_S * 2 ** (raw.attempts - 1), reason)));
  }
}

/** Finds mail whose job was lost, whose pause is over, or whose worker died. */
@Injectable()
@RunsJob({ name: 'sweep-raw-mails', everyMs: 5_000 })
export class SweepRawMails implements Job {
  constructor(private readonly raws: RawMailsRepository, private readonly jobs: Jobs) {}

  async run(): Promise<void> {
    const waiting = await this.raws.waiting(500);
    await this.jobs.addAll(INGEST_MAILS, waiting.map((row) => ({ payload: { accountId: row.account_id, inboxId: row.inbox_id }, key: `${row.account_id}-${row.inbox_id}` })));
  }
}

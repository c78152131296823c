import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { Readable } from 'node:stream';
import { accountId } from '../../../platform/database/account-id.js';
import type { Clock } from '../../../platform/clock/clock.js';
import { MAX_MAIL_BYTES, type ReceiveMail } from '../receiving/receive-mail.service.js';
import type { FolderRow, MailboxesRepository } from './mailboxes.repository.js';

/** Mails fetched at once, and their size together: more would only fill the memory. */
const AT_ONCE = 20;
const BYTES_AT_ONCE = 4 * 1024 * 1024;
const LISTED = 500;
const JUNK = /(^|[./])(junk|spam|bulk mail|unerwünscht|courrier indésirable|correo no deseado)/i;

/** What is needed to fetch. */
export interface Fetching { client: ImapFlow; inbox: { id: number; accountId: number; backfillDays: number }; mailboxes: MailboxesRepository; receiving: ReceiveMail; clock: Clock; stopped(): boolean }

/**
 * Fetches what is new in the open folder, by UID, oldest first. Mails and the mark of how far we are commit together: a crash in between repeats
 * nothing and misses nothing. Flags are left as they are.
 */
export async function fetchFolder(fetching: Fetching, folder: string): Promise<number> {
  const { client, inbox, mailboxes } = fetching;
  const account = accountId(inbox.accountId);
  const mailbox = client.mailbox;
  if (!mailbox) throw new Error('No folder is open.');
  const validity = Number(mailbox.uidValidity);
  const known = await mailboxes.folder(account, inbox.id, folder);
  const from = known && known.uid_validity === validity ? known.last_uid : await begin(fetching, folder, validity, known);
  let fetched = 0;
  let last = from;
  while (!fetching.stopped()) {
    const listed = await list(client, last);
    if (listed.length === 0) break;
    for (const batch of batches(listed)) {
      if (fetching.stopped()) break;
      await fetchBatch(fetching, folder, validity, batch);
      last = batch.at(-1)!.uid;
      fetched += batch.length;
    }
  }
  return fetched;
}

/** Where to begin: some days back. When the server has numbered everything anew, at the day the folder was first read; what is here already is recognised. */
async function begin({ client, inbox, mailboxes, clock }: Fetching, folder: string, validity: number, known: FolderRow | undefined): Promise<number> {
  const account = accountId(inbox.accountId);
  const since = new Date((known?.started_at.getTime() ?? clock.now()) - (inbox.backfillDays + (known ? 1 : 0)) * 86_400_000);
  const found = inbox.backfillDays === 0 && !known ? [] : (await client.search({ since }, { uid: true }) || []);
  const next = (client.mailbox && Number(client.mailbox.uidNext)) || 1;
  const last = Math.min(...found.map(Number), next) - 1;
  await mailboxes.startFolder(account, inbox.id, folder, validity, last, clock.date());
  return last;
}

interface Listed { uid: number; size: number }

async function list(client: ImapFlow, after: number): Promise<Listed[]> {
  const found: Listed[] = [];
  // `n:*` always answers the last mail, also when its number is smaller than n.
  for await (const { uid, size } of client.fetch(`${after + 1}:*`, { uid: true, size: true }, { uid: true })) {
    if (uid > after) found.push({ uid, size: size ?? 0 });
  }
  return found.sort((a, b) => a.uid - b.uid).slice(0, LISTED);
}

function* batches(listed: Listed[]): Generator<Listed[]> {
  let batch: Listed[] = [];
  let bytes = 0;
  for (const mail of listed) {
    if (batch.length > 0 && (batch.length >= AT_ONCE || bytes + mail.size > BYTES_AT_ONCE)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(mail);
    bytes += mail.size;
  }
  if (batch.length > 0) yield batch;
}

async function fetchBatch(fetching: Fetching, folder: string, validity: number, batch: Listed[]): Promise<void> {
  const { client, inbox, mailboxes, receiving } = fetching;
  const account = accountId(inbox.accountId);
  const envelope = (uid: number, arrived?: Date | null): object => ({ folder, uid, uid_validity: validity, ...(JUNK.test(folder) && { junk: true }), ...(arrived && { arrived: arrived.toISOString() }) });
  const mails: { bytes: AsyncIterable<Buffer>; envelope: object }[] = [];
  let newest: Date | null = null;
  if (batch.length === 1 && batch[0]!.size > BYTES_AT_ONCE) {
    const bytes = await large(client, batch[0]!);
    if (bytes) mails.push({ bytes, envelope: envelope(batch[0]!.uid) });
  } else {
    const bodies: FetchMessageObject[] = [];
    for await (const message of client.fetch(batch.map((mail) => mail.uid).join(','), { uid: true, source: true, internalDate: true }, { uid: true })) bodies.push(message);
    // One that was deleted meanwhile is missing here, and then it is nobody's any more.
    for (const { uid, source, internalDate } of bodies.sort((a, b) => a.uid - b.uid)) {
      if (!source) continue;
      const at = internalDate ? new Date(internalDate) : null;
      mails.push({ bytes: Readable.from([source]), envelope: envelope(uid, at) });
      if (at && (newest === null || at > newest)) newest = at;
    }
  }
  await receiving.receiveAll(account, inbox.id, 'imap', mails, (tx) => mailboxes.advance(tx, inbox.id, folder, validity, batch.at(-1)!.uid, newest));
}

/** A large mail streams from the server to the disk. One that is larger than we take leaves its header, with a sentence about the rest. */
async function large(client: ImapFlow, { uid, size }: Listed): Promise<AsyncIterable<Buffer> | undefined> {
  if (size <= MAX_MAIL_BYTES) return (await client.download(String(uid), undefined, { uid: true })).content;
  const message = await client.fetchOne(String(uid), { uid: true, headers: true }, { uid: true });
  const header = (message && message.headers ? message.headers.toString('latin1') : '').replace(/\r?\n(?![ \t])/g, '\n').split('\n').filter((line) => !/^(content-|mime-version)/i.test(line) && line.trim() !== '');
  return Readable.from([Buffer.from(`${header.join('\r\n')}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis mail is too large to be fetched (${Math.ceil(size / 1024 / 1024)} MB). It is still in the mailbox.\r\n`, 'latin1')]);
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import type { Tx } from '../../../platform/database/transaction.js';
import type { EmailSettings } from '../email.config.js';
import type { MailPerson } from '../mail-messages.repository.js';
import type { ReadMail } from '../reading/read-mail.js';
import type { MailEnvelope } from '../receiving/raw-mails.repository.js';
import type { Authentication } from './authenticate-mail.service.js';
import { forwardedMail, type ForwardedMail } from './forwarded-mail.js';
import { ReputationsRepository } from './reputations.repository.js';
import { knownForms, threadKeys, withoutTag } from './thread-keys.js';
import { ThreadsRepository, type ColleagueRow, type ThreadRow } from './threads.repository.js';

/** Why a mail counts as spam: the rule, and what it rests on. */
export interface SpamVerdict { reason: 'blocked' | 'not_authentic' | 'verdict' | 'learned' | 'by_hand'; because: string | null }

/** Where a mail belongs and in whose name it is shown. */
export type Place =
  | { kind: 'nothing'; reason: string }
  | {
    kind: 'message'; writer: MailPerson; thread: ThreadRow | null;
    /** The conversation that the thread went on from, when it is closed for good. */
    continues: number | null;
    /** One of ours, proved by the mail itself. */
    colleague: ColleagueRow | null;
    /** The writer is new to a thread that others began. */
    isNew: boolean;
    /** Calls itself one of ours without any proof. */
    claimsColleague: boolean;
    forwarded: ForwardedMail | null; forwardedBy: MailPerson | null; others: MailPerson[]; spam: SpamVerdict | null; quiet: boolean;
    /** Beyond what one sender, or all together, may say in a while. */
    flood: 'sender' | 'inbox' | null;
  };

/** Mails of one sender, and of all to one inbox, within ten minutes that are heard; what comes beyond is kept and wakes nobody. */
const HEARD = { sender: 40, inbox: 400 };
const WITHIN_MS = 10 * 60_000;
const RESOLVED = 1;

/** Decides where a mail belongs. A token or an id names the conversation; who writes is another question, answered by the mail's own proof. */
@Injectable()
export class PlaceMail {
  constructor(private readonly threads: ThreadsRepository, private readonly reputations: ReputationsRepository, private readonly clock: Clock) {}

  async place(tx: Tx, inbox: { id: number; publicToken: string; settings: EmailSettings }, mail: ReadMail, authentication: Authentication, envelope: MailEnvelope): Promise<Place> {
    const { is_known: isKnown, is_ours: isOurs, own } = await this.threads.atFirst(tx, inbox.id, { fingerprint: mail.fingerprint, ids: knownForms([mail.messageId]) });
    if (isKnown) return { kind: 'nothing', reason: 'This mail is here already.' };
    const isOwn = (address: string): boolean => own.some(({ email, forward_token: token }) => withoutTag(address) === email || (token !== '' && address.startsWith(`${token}@`))) || /^reply\+[0-9a-f]{32}@/.test(address);
    // Came back to us: marked by us, or with an id that we gave.
    if (!mail.report && (isOurs || mail.loopMark?.trim().toLowerCase() === inbox.settings.email)) return { kind: 'nothing', reason: 'This is a mail of ours that came back.' };
    const from = senderOf(mail, inbox.settings, authentication, isOwn);
    const found = await this.findThread(tx, inbox.id, mail, envelope);
    const closed = found !== undefined && found.status === RESOLVED && !found.allow_messages_after_resolved && !found.lock_to_single_conversation;
    const thread = found && !closed ? found : null;
    const about = await this.threads.sender(tx, inbox.id, { address: from.address, patterns: blockable(from, mail) }, new Date(this.clock.now() - WITHIN_MS), HEARD);
    const claimed = about.colleague ?? undefined;
    const proved = authentication.aligned && mail.signals.automatic === 0;
    const passedOn = !thread && ((claimed && proved) || isTrusted(from.address, inbox.settings, authentication)) ? forwardedMail(mail.subject, mail.text) ?? null : null;
    const writer = passedOn?.from ?? from;
    const colleague = claimed && thread && proved && inbox.settings.agents_answer_by_mail && (claimed.is_administrator || claimed.inbox_ids.includes(thread.inbox_id)) && !isContact(thread, from) ? claimed : null;
    const known = thread !== null && (colleague !== null || isContact(thread, writer) || await this.threads.participates(tx, thread.conversation_id, writer.address));
    const blockedBy = writer === from ? about.blocked_by : await this.threads.blockedBy(tx, blockable(writer, mail));
    const spam = await this.spamVerdict(tx, mail, authentication, envelope, writer, known, thread, blockedBy ?? null);
    // Whom an answer of ours brought here is heard in any flood.
    const flood = about.of_sender >= HEARD.sender ? 'sender' : about.of_inbox >= HEARD.inbox && !known ? 'inbox' : null;
    return {
      kind: 'message', writer, thread, continues: closed ? found.display_id : null, colleague, isNew: thread !== null && !known, claimsColleague: claimed !== undefined && thread !== null && colleague === null && !isContact(thread, writer),
      forwarded: passedOn, forwardedBy: passedOn ? from : null, others: peopleOf(mail, writer, isOwn),
      spam, flood, quiet: spam !== null || flood !== null || (mail.signals.automatic === 1 && thread?.status === RESOLVED),
    };
  }

  private async findThread(tx: Tx, inboxId: number, mail: ReadMail, envelope: MailEnvelope): Promise<ThreadRow | undefined> {
    const keys = threadKeys(mail, envelope.rcpt_to);
    const byToken = keys.tokens.length > 0 ? await this.threads.byToken(tx, keys.tokens) : undefined;
    if (byToken) return byToken;
    // Reports name the mail they are about; whoever else encloses a mail proves nothing by it.
    const byId = await this.threads.byMessageIds(tx, [...keys.ids, ...(mail.report?.aboutIds ?? [])], inboxId);
    return byId ?? (keys.uuids.length > 0 ? this.threads.byUuid(tx, keys.uuids) : undefined);
  }

  private async spamVerdict(tx: Tx, mail: ReadMail, authentication: Authentication, envelope: MailEnvelope, writer: MailPerson, known: boolean, thread: ThreadRow | null, blockedBy: string | null): Promise<SpamVerdict | null> {
    if (blockedBy !== null) return { reason: 'blocked', because: blockedBy };
    // Its own domain asks that such mail is not believed, whatever thread it names.
    if (authentication.dmarc === 'fail' && (authentication.policy === 'reject' || authentication.policy === 'quarantine')) return { reason: 'not_authentic', because: authentication.domain };
    // What goes on in the spam folder stays there until somebody takes it out.
    if (thread?.spam) return { reason: thread.spam as SpamVerdict['reason'], because: null };
    if (known) return null;
    const because = mail.signals.spam ?? (envelope.spam === true ? 'provider' : envelope.junk === true ? envelope.folder ?? 'folder' : null);
    if (because !== null) return { reason: 'verdict', because };
    const suspect = await this.reputations.suspect(tx, writer.address);
    return suspect === undefined ? null : { reason: 'learned', because: suspect };
  }
}

/** What an entry of the block list would have to be, to keep this writer out. */
const blockable = (writer: MailPerson, mail: ReadMail): string[] => [...new Set([writer.address, mail.from?.address ?? ''])].filter(Boolean).flatMap(patternsOf);

/** The address, its domain, and every domain above that. */
function patternsOf(address: string): string[] {
  const domain = address.split('@')[1] ?? '';
  const labels = domain.split('.');
  return [address, ...labels.map((_, n) => labels.slice(n).join('.')).filter((part) => part.includes('.'))];
}

const isContact = (thread: ThreadRow, person: MailPerson): boolean => thread.contact_email === person.address || thread.source_id.toLowerCase() === person.address;

function isTrusted(address: string, settings: EmailSettings, authentication: Authentication): boolean {
  const named = settings.trusted_forwarders.some((entry) => address === entry || address.endsWith(`@${entry}`) || address.endsWith(`.${entry}`));
  return named && (authentication.aligned || authentication.dmarc !== 'fail');
}

/** Who wrote: From, unless From is a mailing group or a form that speaks for others, or nobody. */
function senderOf(mail: ReadMail, settings: EmailSettings, authentication: Authentication, isOwn: (address: string) => boolean): MailPerson {
  const from = mail.from ?? mail.sender ?? mail.replyTo[0] ?? (mail.returnPath ? { name: '', address: mail.returnPath } : null);
  if (!from) return { name: mail.groupName ?? 'Unknown sender', address: `unknown-${mail.fingerprint.slice(0, 24)}@invalid` };
  const really = mail.originalSender ?? mail.originalFrom ?? mail.replyTo[0];
  if (really && isTrusted(from.address, settings, authentication)) return really;
  // Forms on websites send in our own name and put the visitor into Reply-To.
  const visitor = mail.replyTo.find((person) => !isOwn(person.address));
  return isOwn(from.address) && visitor ? visitor : from;
}

/** Everybody else the mail was sent to. */
function peopleOf(mail: ReadMail, writer: MailPerson, isOwn: (address: string) => boolean): MailPerson[] {
  const seen = new Set([writer.address, mail.from?.address]);
  return [...mail.to, ...mail.cc].filter(({ address }) => {
    if (seen.has(address) || isOwn(address) || !address.includes('@')) return false;
    seen.add(address);
    return true;
  }).slice(0, 100);
}

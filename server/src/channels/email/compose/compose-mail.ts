import MailComposer from 'nodemailer/lib/mail-composer';
import type { Readable } from 'node:stream';
import type { MailDraft, MailPerson } from './mail-draft.js';
import { headerText } from './mail-addresses.js';
import { htmlPart, textPart } from './mail-text.js';
import { threadIndex } from './mail-thread.js';

/** A mail ready for a server: who gets it, and its bytes, written anew each time they are asked for. */
export interface ComposedMail { messageId: string; from: string; to: string[]; read(): Readable }

/** Puts the draft into the form that travels. Files are read only while the mail is written, a piece at a time. */
export function composeMail(draft: MailDraft, renderSignature: (markdown: string) => string): ComposedMail {
  const signature = draft.signature === null ? '' : renderSignature(draft.signature);
  const text = textPart(draft);
  const html = htmlPart(draft, signature);
  const headers = headersOf(draft);
  return {
    messageId: draft.messageId, from: draft.from.address, to: [...draft.to, ...draft.cc, ...draft.bcc].map(({ address }) => address),
    read: () => new MailComposer({
      messageId: `<${draft.messageId}>`, date: draft.date, from: person(draft.from), to: draft.to.map(person), cc: draft.cc.map(person), subject: headerText(draft.subject),
      ...(draft.replyTo && { replyTo: person(draft.replyTo) }), ...(draft.inReplyTo !== null && { inReplyTo: `<${draft.inReplyTo}>` }),
      ...(draft.references.length > 0 && { references: draft.references.map((id) => `<${id}>`) }),
      text, html, headers, textEncoding: 'quoted-printable', disableFileAccess: true, disableUrlAccess: true,
      attachments: draft.files.map((file) => ({
        filename: headerText(file.fileName, 200), contentType: headerText(file.contentType, 200), content: file.open(),
        ...(file.contentId !== undefined ? { cid: file.contentId, contentDisposition: 'inline' as const } : { contentDisposition: 'attachment' as const }),
      })),
    }).compile().createReadStream(),
  };
}

const person = ({ name, address }: MailPerson): { name: string; address: string } => ({ name, address });

function headersOf(draft: MailDraft): Record<string, string> {
  const { automatic, unsubscribe, thread } = draft;
  const isAnswer = draft.inReplyTo !== null;
  const ways = [unsubscribe?.url && `<${encodeURI(decodeURI(unsubscribe.url))}>`, unsubscribe?.mail && `<mailto:${unsubscribe.mail}>`].filter(Boolean);
  return {
    'Thread-Topic': headerText(draft.topic), 'Thread-Index': threadIndex(thread, isAnswer ? draft.date : null), 'X-Porchlight-Loop': headerText(draft.loopMark),
    ...(automatic && { 'Auto-Submitted': isAnswer ? 'auto-replied' : 'auto-generated', 'X-Auto-Response-Suppress': 'All' }),
    ...(ways.length > 0 && { Precedence: 'bulk', 'List-Unsubscribe': ways.join(', '), ...(unsubscribe?.url && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }) }),
  };
}

import type { Readable } from 'node:stream';

/** Somebody who gets or sends mail. */
export interface MailPerson { name: string; address: string }

/** A file of the mail. Opened only while the mail is written. */
export interface MailFile {
  fileName: string;
  contentType: string;
  /** Where the text shows it: `<img src="cid:…">`. */
  contentId?: string;
  open(): Readable;
}

/** The mail before, as it is repeated under the answer; or one that is passed on, with what its header said. */
export interface QuotedMail { name: string; address: string | null; at: Date; html: string; text: string; passedOn?: { subject: string; to: MailPerson[] } }

/** Everything a mail says. */
export interface MailDraft {
  /** Without angle brackets; the same for every try. */
  messageId: string;
  date: Date;
  from: MailPerson;
  replyTo?: MailPerson;
  to: MailPerson[];
  cc: MailPerson[];
  bcc: MailPerson[];
  subject: string;
  /** What the thread is called, for Outlook; without Re: and Fwd:. */
  topic: string;
  /** The conversation's uuid and beginning, for Outlook's Thread-Index. */
  thread: { uuid: string; begunAt: Date };
  inReplyTo: string | null;
  references: string[];
  /** The new text, as safe HTML and as it was written. */
  html: string;
  markdown: string;
  /** Markdown under the text. */
  signature: string | null;
  quoted: QuotedMail | null;
  locale: string;
  files: MailFile[];
  /** Not written by a person: nobody's holiday notice shall answer it. */
  automatic: boolean;
  /** Where one can leave, for mail that goes to many. */
  unsubscribe?: { url?: string; mail?: string };
  /** The address of the inbox, so that another program of ours knows its own mail. */
  loopMark: string;
}

import type { Attachment, Message } from '../../../../api/types';
import { shows } from '../../composer/inline-pictures';
import { isRich, mailFacts } from '../../mail/mail-facts';

export type PartKind = 'text' | 'mail' | 'image' | 'audio' | 'video' | 'file' | 'location' | 'activity' | 'interactive' | 'deleted' | 'unknown';

export interface Part {
  kind: PartKind;
  attachment?: Attachment;
}

/** Kinds of content that are told in their own text; anything else that has no text is shown as unknown. */
const fileKinds: readonly string[] = ['image', 'audio', 'video', 'file', 'location'];

/** What has something to choose, fill in, rate or read on below its text. */
const interactive = /^(input_(select|email|csat)|cards|form|article)$/;

/** Takes a message apart: its text, then each attachment by its kind. A kind nobody knows here still shows that something is there. */
export function partsOf(message: Message): Part[] {
  if (message.content_attributes?.deleted) return [{ kind: 'deleted' }];
  if (message.message_type === 2) return [{ kind: 'activity' }];
  const mail = mailFacts(message);
  const parts: Part[] = mail ? [{ kind: 'mail' }] : message.content || message.content_html ? [{ kind: 'text' }] : [];
  if (interactive.test(message.content_type)) parts.push({ kind: 'interactive' });
  // Pictures that a mail shows in its text are not shown below once more.
  const inText = mail && isRich(mail) ? mail.inline_names ?? [] : [];
  for (const attachment of message.attachments ?? []) {
    if (attachment.file_type === 'image' && message.message_type !== 0 && shows(message.content, attachment.file_name)) continue;
    if (inText.includes(attachment.file_name ?? '')) continue;
    const kind = attachment.file_type === 'location' || attachment.data_url ? attachment.file_type : 'unknown';
    parts.push({ kind: (fileKinds.includes(kind) ? kind : 'unknown') as PartKind, attachment });
  }
  return parts.length ? parts : [{ kind: 'unknown' }];
}

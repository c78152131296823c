import { accountPath, http } from '../../../api/http';
import type { Contact, Conversation, Id } from '../../../api/types';
import { searchContacts } from '../conversations.api';

/** The first mail of a conversation. */
export interface FirstMail { inboxId: Id; to: string; cc: string[]; subject: string; content: string; assigneeId: Id; echoId: string }

async function contactOf(account: Id, address: string): Promise<Id> {
  const find = async () => (await searchContacts(account, address, AbortSignal.timeout(15_000))).find(({ email }) => email?.toLowerCase() === address)?.id;
  const known = await find();
  if (known !== undefined) return known;
  const made = await http.post<{ payload: { contact: Contact } }>(accountPath(account, 'contacts'), { email: address, name: address.slice(0, address.indexOf('@')) });
  return made.payload.contact.id;
}

/** Begins a conversation with somebody who may be new, and sends them this. */
export async function writeFirst(account: Id, mail: FirstMail): Promise<Conversation> {
  const contact = await contactOf(account, mail.to);
  return http.post<Conversation>(accountPath(account, 'conversations'), {
    inbox_id: mail.inboxId, contact_id: contact, assignee_id: mail.assigneeId, status: 'open', additional_attributes: { mail_subject: mail.subject },
    message: { content: mail.content, echo_id: mail.echoId, ...(mail.cc.length > 0 && { cc_emails: mail.cc.join(',') }) },
  });
}

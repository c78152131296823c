import { fetchConversationCounts, fetchConversations, filterConversations } from '../../api/conversations';
import { accountPath, http } from '../../api/http';
import type { Agent, Contact, Conversation, ConversationStatus, Id, Message, Person, Priority } from '../../api/types';
import type { EventPage } from '../../realtime/agent-event.types';
import { ApiError } from '../../api/errors';
import type { Recipients } from './composer/recipients';
import type { ListFilter, ListQuery } from './state/conversation-query';

const path = (account: Id, conversation: Id, rest = '') => accountPath(account, `conversations/${conversation}${rest && `/${rest}`}`);
const filterQuery = (filter: ListFilter) => ({ status: filter.status, inbox_id: filter.inboxId, team_id: filter.teamId, labels: filter.labels });

/** One page of a list, in its order, with the counts of all tabs. */
export const fetchPage = (account: Id, query: ListQuery, cursor: string | null) =>
  (query.conditions ? filterConversations(account, query.conditions, { assignee_type: query.tab, sort_by: query.sort, cursor })
    : fetchConversations(account, { ...filterQuery(query), assignee_type: query.tab, sort_by: query.sort, cursor }));
export const fetchCounts = (account: Id, filter: ListFilter) =>
  (filter.conditions ? filterConversations(account, filter.conditions).then(({ meta }) => meta) : fetchConversationCounts(account, filterQuery(filter)));
/** Open conversations with something unread: all that one may see, and one's own. */
export const fetchUnreadCounts = (account: Id) => http.get<{ total: number; mine: number }>(accountPath(account, 'conversations/unread_counts'));
export const fetchConversation = (account: Id, id: Id) => http.get<Conversation>(path(account, id));
export const deleteConversation = (account: Id, id: Id) => http.delete(path(account, id));

/** What happened after `after`; null when the server no longer knows that far back. */
export const fetchEvents = (account: Id, after: number) =>
  http.get<EventPage>(accountPath(account, 'events'), { query: { after, limit: 500 } }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 410) return null;
    throw error;
  });

/** Twenty messages, oldest first: the newest, or those before a message. */
export const fetchMessages = (account: Id, id: Id, range: { before?: Id; after?: Id } = {}) =>
  http.get<{ payload: Message[] }>(path(account, id, 'messages'), { query: range }).then(({ payload }) => payload);

export interface NewMessage {
  content: string;
  private: boolean;
  echoId: string;
  inReplyTo: Id | null;
  files: { blob: Blob; name: string }[];
  recipients?: Recipients | undefined;
}

function recipientsOf({ to, cc, bcc, forwards }: Recipients) {
  return { to_emails: to.join(','), ...(cc.length && { cc_emails: cc.join(',') }), ...(bcc.length && { bcc_emails: bcc.join(',') }), ...(forwards !== null && { forwarded_message_id: forwards }) };
}

function body(message: NewMessage) {
  return {
    content: message.content, private: message.private, echo_id: message.echoId, message_type: 'outgoing', ...(message.recipients && recipientsOf(message.recipients)),
    ...(message.inReplyTo === null ? {} : { content_attributes: { in_reply_to: message.inReplyTo } }),
  };
}

/** Posts a message; `onProgress` hears the share of bytes sent, 0 to 1. The same `echoId` twice is one message. */
export function postMessage(account: Id, id: Id, message: NewMessage, onProgress: (share: number) => void): Promise<Message> {
  if (message.files.length === 0) return http.post<Message>(path(account, id, 'messages'), body(message));
  const form = new FormData();
  for (const [name, value] of Object.entries(body(message))) form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  for (const file of message.files) form.append('attachments[]', file.blob, file.name);
  return http.upload<Message>('POST', path(account, id, 'messages'), form, { onProgress: (percent) => onProgress(percent / 100) });
}

/** Sends while the page is going away. Nobody can read the answer; the echo id makes a later second try harmless. */
export function postWhileLeaving(account: Id, id: Id, message: NewMessage): void {
  void fetch(path(account, id, 'messages'), {
    method: 'POST', keepalive: true, credentials: 'same-origin', body: JSON.stringify(body(message)),
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Requested-With': 'porchlight' },
  }).catch(() => undefined);
}

export const deleteMessage = (account: Id, id: Id, message: Id) => http.delete<Message>(path(account, id, `messages/${message}`));
export const retryMessage = (account: Id, id: Id, message: Id) => http.post<Message>(path(account, id, `messages/${message}/retry`));

/** `snoozedUntil` in seconds since 1970; null snoozes until the next message. */
export const setStatus = (account: Id, id: Id, status: ConversationStatus, snoozedUntil: number | null = null) =>
  http.post(path(account, id, 'toggle_status'), { status, ...(snoozedUntil === null ? {} : { snoozed_until: snoozedUntil }) });
/** Into the spam folder, or out of it. */
export const setSpam = (account: Id, id: Id, spam: boolean) => (spam ? http.post(path(account, id, 'spam')) : http.delete(path(account, id, 'spam')));
export const setPriority = (account: Id, id: Id, priority: Priority | null) => http.post(path(account, id, 'toggle_priority'), { priority: priority ?? 'none' });
export const assign = (account: Id, id: Id, agent: Id | null) => http.post(path(account, id, 'assignments'), { assignee_id: agent });
export const assignTeam = (account: Id, id: Id, team: Id | null) => http.post(path(account, id, 'assignments'), { team_id: team ?? 0 });
export const setLabels = (account: Id, id: Id, labels: string[]) => http.post<{ payload: string[] }>(path(account, id, 'labels'), { labels });
export const setMuted = (account: Id, id: Id, muted: boolean) => http.post(path(account, id, muted ? 'mute' : 'unmute'));
export const setAttributes = (account: Id, id: Id, attributes: Record<string, unknown>) =>
  http.post<{ custom_attributes: Record<string, unknown> }>(path(account, id, 'custom_attributes'), { custom_attributes: attributes });
export const markSeen = (account: Id, id: Id) => http.post(path(account, id, 'update_last_seen'));
export const markUnread = (account: Id, id: Id) => http.post(path(account, id, 'unread'));

export const fetchParticipants = (account: Id, id: Id) => http.get<Agent[]>(path(account, id, 'participants'));
export const setParticipants = (account: Id, id: Id, users: Id[]) => http.put<Agent[]>(path(account, id, 'participants'), { user_ids: users });

/** What was written and not sent. */
export interface ServerDraft {
  content: string;
  private: boolean;
}
export const fetchDraft = (account: Id, id: Id) => http.get<{ draft: ServerDraft | null }>(path(account, id, 'draft_messages')).then(({ draft }) => draft);
export const saveDraft = (account: Id, id: Id, draft: ServerDraft) => http.patch(path(account, id, 'draft_messages'), { draft });
export const deleteDraft = (account: Id, id: Id) => http.delete(path(account, id, 'draft_messages'));

export const fetchContact = (account: Id, id: Id) => http.get<{ payload: Contact }>(accountPath(account, `contacts/${id}`)).then(({ payload }) => payload);
export const updateContact = (account: Id, id: Id, changes: Partial<Pick<Contact, 'name' | 'email' | 'phone_number' | 'custom_attributes'>>) =>
  http.patch<{ payload: Contact }>(accountPath(account, `contacts/${id}`), changes).then(({ payload }) => payload);
export const fetchContactConversations = (account: Id, id: Id) =>
  http.get<{ payload: Conversation[] }>(accountPath(account, `contacts/${id}/conversations`)).then(({ payload }) => payload);

/** A message that was found, with the conversation it stands in. */
export interface FoundMessage extends Pick<Message, 'id' | 'content' | 'conversation_id' | 'created_at' | 'message_type' | 'private'> {
  sender?: Pick<Person, 'id' | 'name'> | null;
  contact?: { id: Id; name: string };
}
/** A person that was found. */
export type FoundContact = Pick<Contact, 'id' | 'name' | 'email' | 'phone_number' | 'thumbnail'>;

export const searchMessages = (account: Id, q: string, signal: AbortSignal) =>
  http.get<{ payload: { messages: FoundMessage[] } }>(accountPath(account, 'search/messages'), { query: { q }, signal }).then(({ payload }) => payload.messages);
export const searchContacts = (account: Id, q: string, signal: AbortSignal) =>
  http.get<{ payload: { contacts: FoundContact[] } }>(accountPath(account, 'search/contacts'), { query: { q }, signal }).then(({ payload }) => payload.contacts);

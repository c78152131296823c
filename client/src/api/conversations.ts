import { accountPath, http } from './http';
import type { Condition } from './tools';
import type { Conversation, ConversationCounts, Id } from './types';

export interface ConversationQuery {
  assignee_type?: 'me' | 'unassigned' | 'assigned' | 'all'; status?: string; inbox_id?: Id | null; team_id?: Id | null; labels?: readonly string[];
  sort_by?: 'latest' | 'created_at_desc' | 'sort_on_priority' | 'waiting_since'; q?: string; cursor?: string | null;
}
export interface ConversationPage { meta: ConversationCounts & { next_cursor: string | null }; payload: Conversation[] }

export const fetchConversations = (accountId: Id, query: ConversationQuery = {}, signal?: AbortSignal) =>
  http.get<{ data: ConversationPage }>(accountPath(accountId, 'conversations'), { query: { ...query }, signal }).then((answer) => answer.data);
/** The same of those that conditions let through, of any status. */
export const filterConversations = (accountId: Id, conditions: readonly Condition[], query: Pick<ConversationQuery, 'assignee_type' | 'sort_by' | 'cursor'> = {}) =>
  http.post<ConversationPage>(accountPath(accountId, 'conversations/filter'), { payload: conditions }, { query: { ...query } });
export const fetchConversationCounts = (accountId: Id, query: ConversationQuery = {}) =>
  http.get<{ meta: ConversationCounts }>(accountPath(accountId, 'conversations/meta'), { query: { ...query } }).then((answer) => answer.meta);

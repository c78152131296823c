import type { Condition } from '../../../api/tools';
import type { Conversation, ConversationStatus } from '../../../api/types';
import { assigneeId } from '../person-name';

/** The tabs; the values are those of `assignee_type` on the wire. */
export type Tab = 'me' | 'unassigned' | 'all';
export type SortBy = 'latest' | 'created_at_desc' | 'sort_on_priority' | 'waiting_since';

/** Which conversations count, whoever they are assigned to. */
export interface ListFilter {
  /** `spam`: the spam folder, whatever the state of what is in it. */
  status: ConversationStatus | 'all' | 'spam';
  inboxId: number | null;
  teamId: number | null;
  /** A conversation with any of these is shown; none means no such condition. */
  labels: string[];
  /** A filter of the person's own in place of all of the above. Only the server can tell what passes it. */
  conditions: Condition[] | null;
  /** The saved filter that the conditions come from. */
  folderId: number | null;
}

/** Nothing narrowed: what is open, everywhere. */
export const noFilter: ListFilter = { status: 'open', inboxId: null, teamId: null, labels: [], conditions: null, folderId: null };

/** One list as the person sees it: a tab, a filter and an order. */
export interface ListQuery extends ListFilter {
  tab: Tab;
  sort: SortBy;
}

/** Identifies the counts that belong to a filter. */
export function filterKey(filter: ListFilter): string {
  return filter.conditions ? JSON.stringify(filter.conditions) : JSON.stringify([filter.status, filter.inboxId, filter.teamId, [...filter.labels].sort()]);
}

/** Identifies a list. */
export function queryKey(query: ListQuery): string {
  return `${query.tab}|${query.sort}|${filterKey(query)}`;
}

/** Why the conversation counts as spam, and what that rests on; null when it does not. */
export function spamReason({ additional_attributes: about }: Pick<Conversation, 'additional_attributes'>): { reason: string; because: string } | null {
  const { spam, spam_because: because } = (about ?? {}) as { spam?: string; spam_because?: string };
  return spam === undefined ? null : { reason: spam, because: because ?? '' };
}

/** Does the conversation pass the filter, whatever the tab? Of one with conditions nobody here can say so. */
export function passes(filter: ListFilter, conversation: Conversation): boolean {
  if (filter.conditions) return false;
  if (filter.status === 'spam' ? spamReason(conversation) === null : filter.status !== 'all' && conversation.status !== filter.status) return false;
  if (filter.inboxId !== null && conversation.inbox_id !== filter.inboxId) return false;
  if (filter.teamId !== null && conversation.meta.team?.id !== filter.teamId) return false;
  return filter.labels.length === 0 || filter.labels.some((label) => conversation.labels.includes(label));
}

/** Does the conversation belong on the tab of the person `me`? */
export function onTab(tab: Tab, conversation: Conversation, me: number): boolean {
  if (tab === 'all') return true;
  const assignee = assigneeId(conversation);
  return tab === 'me' ? assignee === me : assignee === null;
}

const rank = { urgent: 4, high: 3, medium: 2, low: 1 } as const;
const never = Number.MAX_SAFE_INTEGER;

/** Negative when `a` is listed before `b`, as the server orders; zero when what is on the wire does not tell. */
export function compare({ sort, status, conditions }: Pick<ListQuery, 'sort' | 'status' | 'conditions'>, a: Conversation, b: Conversation): number {
  const newest = b.last_activity_at - a.last_activity_at;
  switch (sort) {
    case 'latest': return newest;
    case 'created_at_desc': return b.id - a.id;
    // Once resolved ones are among them priority says nothing any more.
    case 'sort_on_priority': return conditions || status === 'resolved' || status === 'all' || status === 'spam' ? newest : priorityRank(b) - priorityRank(a) || newest;
    case 'waiting_since':
      if (!a.waiting_since && !b.waiting_since) return newest;
      return (a.waiting_since || never) - (b.waiting_since || never) || a.id - b.id;
  }
}

function priorityRank(conversation: Conversation): number {
  return conversation.priority ? rank[conversation.priority] : 0;
}

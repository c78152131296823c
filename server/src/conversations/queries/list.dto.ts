import { z } from 'zod';
import { chosen, formInt, formList, pageNumber, text } from '../../platform/http/schema-fields.js';
import { STATUSES } from '../conversation-codes.js';

export const SORTS = {
  latest: 'activity_desc', last_activity_at_desc: 'activity_desc', last_activity_at_asc: 'activity_asc', sort_on_created_at: 'created_asc', created_at_asc: 'created_asc',
  created_at_desc: 'created_desc', sort_on_priority: 'priority_desc', priority_desc: 'priority_desc', priority_asc: 'priority_asc', waiting_since: 'waiting_asc',
  sort_on_waiting_since: 'waiting_asc', waiting_since_asc: 'waiting_asc', waiting_since_desc: 'waiting_desc',
  last_activity_at: 'activity_desc', priority_desc_created_at_asc: 'priority_created', unread: 'unread',
} as const;
export type Sort = (typeof SORTS)[keyof typeof SORTS];

/** Pages beyond are too dear to skip to, and empty; a cursor goes on as far as one likes. */
export const MAX_PAGE = 4_000;
export const PAGE_SIZE = 25;

export const ConversationFilter = z.object({
  assignee_type: chosen(z.enum(['me', 'unassigned', 'assigned', 'all']).default('all')), status: chosen(z.enum([...STATUSES, 'all', 'spam']).default('open')),
  inbox_id: chosen(formInt.optional()), team_id: chosen(formInt.optional()),
  labels: formList(text(100).toLowerCase(), 50).optional(), q: text(255).optional(),
  /** The identity on the inbox whose conversations they are. */
  source_id: text(255).optional(),
  /** Seconds: only what has changed since. */
  updated_within: formInt.pipe(z.int().min(1).max(315_360_000)).optional(),
  conversation_type: chosen(z.enum(['mention', 'unattended', 'participating']).optional()),
});
export type ConversationFilter = z.infer<typeof ConversationFilter>;
export const ListConversations = ConversationFilter.extend({
  sort_by: chosen(z.enum(Object.keys(SORTS) as [keyof typeof SORTS]).default('latest')), cursor: text(300).optional(),
  page: pageNumber.default(1),
});
export type ListConversations = z.infer<typeof ListConversations>;
export const FilterPage = ListConversations.pick({ sort_by: true, cursor: true, page: true, assignee_type: true });
export type FilterPage = z.infer<typeof FilterPage>;
export const SearchConversations = z.object({ q: text(255).trim().min(1, 'cannot be empty'), page: ListConversations.shape.page });
export type SearchConversations = z.infer<typeof SearchConversations>;

/** Holds for an event of a conversation whose inbox, the row `inbox`, is such. For a subscriber's `when`. */
export const inInboxWhere = (condition: string): string => `EXISTS (
  SELECT FROM conversations c JOIN inboxes inbox ON inbox.account_id = c.account_id AND inbox.id = c.inbox_id AND inbox.deleted_at IS NULL
  WHERE c.account_id = event.account_id AND c.id = event.conversation_id AND (${condition}))`;

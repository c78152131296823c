/** SQL: whether what the contact said last in a conversation was written by a program. Nothing of ours answers it by itself: two programs that answer each other never end. */
export const answersProgram = (account: string, conversation: string): string =>
  `coalesce((SELECT (m.additional_attributes->>'automatic')::boolean FROM messages m
     WHERE m.account_id = ${account} AND m.conversation_id = ${conversation} AND m.message_type = 0 ORDER BY m.id DESC LIMIT 1), false)`;

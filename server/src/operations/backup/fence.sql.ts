/**
 * What was on its way out when the backup was made may have arrived since: it is not sent again by itself. Messages say so and can be sent by hand;
 * calls of webhooks can be replayed from their log. Sessions and links of the past open nothing any more. $1: what people read.
 */
export const fence = (): { table: string; text: string; takesReason: boolean }[] => [
  {
    table: 'outbound_messages', takesReason: true,
    text: `UPDATE messages m SET status = 6, external_error = $1, updated_at = clock_timestamp() FROM outbound_messages o
           WHERE m.account_id = o.account_id AND m.conversation_id = o.conversation_id AND m.id = o.message_id AND m.status IN (4, 5)`,
  },
  { table: 'outbound_messages', takesReason: false, text: 'DELETE FROM outbound_messages' },
  { table: 'webhook_deliveries', takesReason: true, text: 'UPDATE webhook_deliveries SET state = 2, finished_at = now(), last_error = $1 WHERE state = 0' },
  // Events of before are not told outside any more: `reaches` of SubscriberOptions.
  { table: 'installation', takesReason: false, text: `UPDATE installation SET settings = settings || jsonb_build_object('restored_at', clock_timestamp())` },
  { table: 'mail_continuities', takesReason: false, text: 'UPDATE mail_continuities SET due_at = NULL' },
  { table: 'notifications', takesReason: false, text: 'UPDATE notifications SET mail_due_at = NULL WHERE mail_due_at IS NOT NULL' },
  { table: 'sessions', takesReason: false, text: 'DELETE FROM sessions' },
  { table: 'one_time_tokens', takesReason: false, text: 'DELETE FROM one_time_tokens' },
  { table: 'idempotency_keys', takesReason: false, text: 'DELETE FROM idempotency_keys' },
];

import type { z } from 'zod';
import type { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { roleOf } from '../../identity/access/principal.js';
import type { FoundConversation, FoundMessage } from './search.dto.js';
import { snippetOf } from './snippet.js';
import type { FoundConversationRow, FoundMessageRow } from './search.repository.js';

const SENDER_TYPES = [null, 'contact', 'user', 'agent_bot'] as const;
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A found message, with the conversation it stands in. */
export function presentFoundMessage(row: FoundMessageRow, searched: string): z.infer<typeof FoundMessage> {
  const type = SENDER_TYPES[row.sender_type];
  return {
    id: row.id, content: row.content, conversation_id: row.display_id, created_at: seconds(row.created_at), message_type: row.message_type, private: row.private,
    snippet: snippetOf(row.content ?? '', searched),
    inbox: { id: row.inbox_id, name: row.inbox_name }, contact: { id: row.contact_id, name: row.contact_name },
    sender: type && row.sender_id !== null ? { id: row.sender_id, name: row.sender_name ?? '', type } : null,
  };
}

/** A found conversation, in Chatwoot's search shape. */
export function presentFoundConversation(row: FoundConversationRow, accountId: number, channels: ChannelRegistry): z.infer<typeof FoundConversation> {
  return {
    id: row.display_id, account_id: accountId, created_at: seconds(row.created_at), additional_attributes: row.additional_attributes ?? {},
    inbox: { id: row.inbox_id, channel_id: row.inbox_id, name: row.inbox_name, channel_type: channels.get(row.channel_type).wireType },
    message: row.last_message_id === null ? null : { id: row.last_message_id, content: row.last_message_preview },
    contact: { id: row.contact_id, name: row.contact_name, email: row.contact_email, phone_number: row.contact_phone },
    agent: row.agent_id === null ? null : {
      id: row.agent_id, available_name: row.agent_display_name || row.agent_name!, email: row.agent_email!, name: row.agent_name!, role: roleOf(row.agent_role ?? 0),
    },
  };
}

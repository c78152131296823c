import { z } from 'zod';
import { ContactSchema } from '../../contacts/contact.dto.js';
import { RoleName } from '../../identity/users/user.dto.js';
import { pageNumber, text } from '../../platform/http/schema-fields.js';

export const PER_PAGE = 15;
// 200 candidates are ranked; further pages are empty.
export const MAX_PAGE = 13;
export const SearchInput = z.object({ q: text(200).default(''), page: pageNumber.default(1) });
export type SearchInput = z.infer<typeof SearchInput>;

const inbox = z.object({ id: z.int(), channel_id: z.int(), name: z.string(), channel_type: z.string() });
export const FoundMessage = z.object({
  id: z.int(), content: z.string().nullable(), conversation_id: z.int(), created_at: z.int(), message_type: z.int(), private: z.boolean(),
  snippet: z.object({ text: z.string(), highlights: z.array(z.array(z.int())) }), inbox: z.object({ id: z.int(), name: z.string() }),
  sender: z.object({ id: z.int(), name: z.string(), type: z.enum(['user', 'contact', 'agent_bot']) }).nullable(), contact: z.object({ id: z.int(), name: z.string() }),
}).meta({ id: 'FoundMessage' });
export const FoundConversation = z.object({
  id: z.int(), account_id: z.int(), created_at: z.int(), additional_attributes: z.record(z.string(), z.unknown()), inbox,
  message: z.object({ id: z.int(), content: z.string().nullable() }).nullable(),
  contact: z.object({ id: z.int(), name: z.string(), email: z.string().nullable(), phone_number: z.string().nullable() }),
  agent: z.object({ id: z.int(), available_name: z.string(), email: z.string(), name: z.string(), role: RoleName }).nullable(),
}).meta({ id: 'FoundConversation' });
export const FoundArticle = z.object({
  id: z.int(), title: z.string(), locale: z.string(), content: z.string().nullable(), slug: z.string(), portal_slug: z.string(), account_id: z.int(), category_name: z.string().nullable(),
  status: z.literal('published'), updated_at: z.int(),
}).meta({ id: 'FoundArticle' });
export const FoundMessages = z.object({ payload: z.object({ messages: z.array(FoundMessage) }) });
export const FoundConversations = z.object({ payload: z.object({ conversations: z.array(FoundConversation) }) });
export const FoundContacts = z.object({ payload: z.object({ contacts: z.array(ContactSchema) }) });
export const FoundArticles = z.object({ payload: z.object({ articles: z.array(FoundArticle) }) });
export const FoundAll = z.object({
  payload: z.object({ messages: z.array(FoundMessage), conversations: z.array(FoundConversation), contacts: z.array(ContactSchema), articles: z.array(FoundArticle) }),
});

import { z } from 'zod';
import { Agent } from '../../identity/agents/agent.dto.js';
import { flatOrWrapped, line } from '../../platform/http/schema-fields.js';

export const SaveNote = flatOrWrapped('note', z.object({ content: line(10_000) }));
export type SaveNote = z.infer<typeof SaveNote>;
export const NoteSchema = z.object({
  id: z.int(), account_id: z.int(), contact_id: z.int(), content: z.string(), user: Agent.nullable(), created_at: z.int(), updated_at: z.int(),
}).meta({ id: 'ContactNote' });
export type WireNote = z.infer<typeof NoteSchema>;

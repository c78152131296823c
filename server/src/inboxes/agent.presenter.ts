import { z } from 'zod';

/** A member of the account as read for showing them to colleagues. */
export interface AgentRow {
  id: number; name: string; display_name: string | null; email: string; avatar_key: string | null; confirmed: boolean;
  role: number; availability: number; auto_offline: boolean;
}

/** What an AgentRow is selected with; u is users, au is account_users. */
export const AGENT_COLUMNS = `u.id, u.name, u.display_name, u.email, u.avatar_key, u.confirmed_at IS NOT NULL AS confirmed, au.role, au.availability, au.auto_offline`;

const AVAILABILITY = ['online', 'offline', 'busy'] as const;
/** The name of a stored availability. */
export const availabilityName = (code: number | null): (typeof AVAILABILITY)[number] => AVAILABILITY[code ?? 1] ?? 'offline';

export const AgentSchema = z.object({
  id: z.int(), account_id: z.int().nullable(), availability_status: z.enum(AVAILABILITY), auto_offline: z.boolean(), confirmed: z.boolean(), email: z.string(),
  provider: z.string(), available_name: z.string(), name: z.string(), role: z.enum(['agent', 'administrator']), thumbnail: z.string(),
}).meta({ id: 'AssignableAgent' });
export type WireAgent = z.infer<typeof AgentSchema>;

/** A colleague, in Chatwoot's `agent` shape. */
export function presentAgent(row: AgentRow, accountId: number): WireAgent {
  return {
    id: row.id, account_id: accountId, availability_status: availabilityName(row.availability), auto_offline: row.auto_offline, confirmed: row.confirmed, email: row.email,
    provider: 'email', available_name: row.display_name || row.name, name: row.name, role: row.role === 1 ? 'administrator' : 'agent', thumbnail: '',
  };
}

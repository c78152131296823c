import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { roleOf } from '../identity/access/principal.js';
import { shownAvailability } from '../identity/users/availability.js';
import { PeoplePresence } from '../identity/users/people-presence.js';
import { AvailabilityName, RoleName } from '../identity/users/user.dto.js';
import { Avatars } from '../platform/storage/avatars.js';

/** A member of the account as read for showing them to colleagues. */
export interface AgentRow {
  id: number; name: string; display_name: string | null; email: string; avatar_key: string | null; confirmed: boolean;
  role: number; availability: number; auto_offline: boolean;
}

/** What an AgentRow is selected with; u is users, au is account_users. */
export const AGENT_COLUMNS = `u.id, u.name, u.display_name, u.email, u.avatar_key, u.confirmed_at IS NOT NULL AS confirmed, au.role, au.availability, au.auto_offline`;

export const AgentSchema = z.object({
  id: z.int(), account_id: z.int().nullable(), availability_status: AvailabilityName, auto_offline: z.boolean(), confirmed: z.boolean(), email: z.string(),
  provider: z.string(), available_name: z.string(), name: z.string(), role: RoleName, thumbnail: z.string(),
}).meta({ id: 'Colleague' });
export type WireAgent = z.infer<typeof AgentSchema>;

/** Shows colleagues, in Chatwoot's `agent` shape. */
@Injectable()
export class AgentPresenter {
  constructor(private readonly presence: PeoplePresence, private readonly avatars: Avatars) {}

  async list(accountId: number, rows: AgentRow[]): Promise<WireAgent[]> {
    const here = await this.presence.present(accountId, rows.map((row) => row.id));
    return rows.map((row) => this.present(accountId, row, here));
  }

  /** One colleague, when it is known already who is present. */
  present(accountId: number, row: AgentRow, here: Set<number>): WireAgent {
    return {
      id: row.id, account_id: accountId, availability_status: shownAvailability(row.availability, row.auto_offline, here.has(row.id)), auto_offline: row.auto_offline,
      confirmed: row.confirmed, email: row.email, provider: 'email', available_name: row.display_name || row.name, name: row.name, role: roleOf(row.role),
      thumbnail: this.avatars.url(row.avatar_key),
    };
  }
}

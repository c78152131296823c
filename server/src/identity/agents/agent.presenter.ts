import { Injectable } from '@nestjs/common';
import { Avatars } from '../../platform/storage/avatars.js';
import { roleOf, type Role } from '../access/principal.js';
import { shownAvailability } from '../users/availability.js';
import { PeoplePresence } from '../users/people-presence.js';
import type { Agent } from './agent.dto.js';

/** A member of the account as read for showing them to colleagues. */
export interface AgentRow {
  id: number; name: string; display_name: string | null; email: string; avatar_key: string | null; custom_attributes: Record<string, unknown> | null;
  confirmed: boolean; mfa_enabled: boolean; role: number; availability: number; auto_offline: boolean;
}

/** What an AgentRow is selected with; u is users, au is account_users. */
export const AGENT_COLUMNS = `u.id, u.name, u.display_name, u.email, u.avatar_key, u.custom_attributes, u.confirmed_at IS NOT NULL AS confirmed, u.mfa_enabled_at IS NOT NULL AS mfa_enabled,
  au.role, au.availability, au.auto_offline`;

/** Shows colleagues, in Chatwoot's `agent` shape: in lists of agents, inbox members, assignees. */
@Injectable()
export class AgentPresenter {
  constructor(private readonly presence: PeoplePresence, private readonly avatars: Avatars) {}

  /** Who lacks a second factor is told to administrators only. */
  async list(accountId: number, rows: AgentRow[], audience: Role = 'agent'): Promise<Agent[]> {
    const here = await this.presence.present(accountId, rows.map((row) => row.id));
    return rows.map((row) => ({ ...this.present(accountId, row, here), ...(audience === 'administrator' ? { mfa_enabled: row.mfa_enabled } : {}) }));
  }

  /** One colleague, when it is known already who is present. */
  present(accountId: number, row: AgentRow, here: Set<number>): Agent {
    return {
      id: row.id, account_id: accountId, availability_status: shownAvailability(row.availability, row.auto_offline, here.has(row.id)), auto_offline: row.auto_offline,
      confirmed: row.confirmed, email: row.email, provider: 'email', available_name: row.display_name || row.name, ...(row.custom_attributes ? { custom_attributes: row.custom_attributes } : {}),
      name: row.name, role: roleOf(row.role), thumbnail: this.avatars.url(row.avatar_key),
    };
  }
}

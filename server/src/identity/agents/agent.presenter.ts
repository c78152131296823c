import { Injectable } from '@nestjs/common';
import { Avatars } from '../../platform/storage/avatars.js';
import { roleOf } from '../access/principal.js';
import { shownAvailability } from '../users/availability.js';
import { PeoplePresence } from '../users/people-presence.js';
import type { Agent } from './agent.dto.js';
import type { AgentRow } from './agent.repository.js';

/** A member as colleagues see them: in lists of agents, inbox members, assignees. */
@Injectable()
export class AgentPresenter {
  constructor(private readonly presence: PeoplePresence, private readonly avatars: Avatars) {}

  /** Presents members of one account. Who lacks a second factor is told to administrators only. */
  async present(rows: AgentRow[], audience: 'administrator' | 'agent' = 'agent'): Promise<Agent[]> {
    if (rows.length === 0) return [];
    const present = await this.presence.present(rows[0]!.account_id, rows.map((row) => row.id));
    return rows.map((row) => ({
      id: row.id, account_id: row.account_id, availability_status: shownAvailability(row.availability, row.auto_offline, present.has(row.id)), auto_offline: row.auto_offline,
      confirmed: row.confirmed, email: row.email, provider: 'email' as const, available_name: row.display_name || row.name, ...(row.custom_attributes ? { custom_attributes: row.custom_attributes } : {}),
      name: row.name, role: roleOf(row.role), thumbnail: this.avatars.url(row.avatar_key), ...(audience === 'administrator' ? { mfa_enabled: row.mfa_enabled } : {}),
    }));
  }
}

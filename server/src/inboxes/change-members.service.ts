import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import type { Tx } from '../platform/database/transaction.js';
import { invalid, notFound } from '../platform/http/problem.js';
import type { AgentRow } from '../identity/agents/agent.presenter.js';
import type { InboxMembers } from './inbox.dto.js';
import './inbox.events.js';
import { InboxMembersRepository } from './inbox-members.repository.js';
import { InboxesRepository } from './inboxes.repository.js';

/** Puts people into an inbox and takes them out. What they see follows at once. */
@Injectable()
export class ChangeMembers {
  constructor(private readonly inboxes: InboxesRepository, private readonly members: InboxMembersRepository, private readonly events: Events) {}

  /** Answers everybody who is in the inbox afterwards. */
  async change(tx: Tx, how: 'add' | 'replace' | 'remove', { inbox_id: inboxId, user_ids: userIds }: InboxMembers): Promise<AgentRow[]> {
    if (!await this.inboxes.lock(tx, inboxId)) throw notFound();
    const ids = [...new Set(userIds)];
    if ((await this.members.peopleOf(tx, ids)).length !== ids.length) throw invalid('user_ids', 'names somebody who is not in this account');
    if (how === 'remove') {
      await this.members.remove(tx, inboxId, ids);
    } else {
      if (how === 'replace') await this.members.keepOnly(tx, inboxId, ids);
      await this.members.add(tx, inboxId, ids);
    }
    await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: inboxId, members_changed: true } });
    return this.members.members(tx, inboxId);
  }
}

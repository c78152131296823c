import { SystemWork } from '../src/platform/database/unit-of-work.js';
import { unique, type Person } from './factories.js';
import type { TestApp } from './test-app.js';

/** Rows written straight into the database, for tests of what lies below inboxes and conversations. */
export interface Desk { inboxId: number; contactId: number; contactInboxId: number; conversationId: number; displayId: number }

/** An inbox with these members, a contact and their open conversation. */
export async function makeDesk(t: TestApp, accountId: number, members: Person[] = [], channel = 'test', config: object = {}, secrets: string | null = null): Promise<Desk> {
  return t.app.get(SystemWork).run(async (tx) => {
    const inbox = await tx.one<{ id: number }>('INSERT INTO inboxes (account_id, channel_type, name, public_token, channel_config, channel_secrets) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
      [accountId, channel, 'Front door', `inbox-${unique()}`, config, secrets]);
    await tx.sql('INSERT INTO inbox_members (account_id, inbox_id, user_id) SELECT $1, $2, unnest($3::bigint[])', [accountId, inbox!.id, members.map((m) => m.id)]);
    const contact = await tx.one<{ id: number }>(`INSERT INTO contacts (account_id, name) VALUES ($1, 'Ada Visitor') RETURNING id`, [accountId]);
    const identity = await tx.one<{ id: number }>('INSERT INTO contact_inboxes (account_id, contact_id, inbox_id, source_id) VALUES ($1, $2, $3, $4) RETURNING id', [accountId, contact!.id, inbox!.id, unique()]);
    const counter = await tx.one<{ value: number }>('UPDATE account_counters SET value = value + 1 WHERE account_id = $1 AND kind = 1 RETURNING value', [accountId]);
    const conversation = await tx.one<{ id: number }>('INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id) VALUES ($1, $2, $3, $4, $5) RETURNING id',
      [accountId, inbox!.id, contact!.id, identity!.id, counter!.value]);
    return { inboxId: inbox!.id, contactId: contact!.id, contactInboxId: identity!.id, conversationId: conversation!.id, displayId: counter!.value };
  });
}

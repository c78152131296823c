import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { subscriptionKeys, type PushSubscription } from '../push/web-push.client.js';

/** How a device can be told things, as it is stored. */
export const DeviceKind = { browser: 1, phone: 2 } as const;
export interface DeviceRow {
  id: number; user_id: number; created_at: Date; updated_at: Date; kind: number; identifier: string; attributes: Record<string, unknown>; session_id: number | null;
  told_at: Date | null; failing_since: Date | null; wait_until: Date | null;
}
/** A browser and what it needs to be told something. */
export interface BrowserRow extends DeviceRow { subscription: PushSubscription }
export interface NewDevice { userId: number; sessionId: number | null; kind: number; identifier: string; attributes: object }
const MOST = 50;

/** Browsers and phones that people have asked to be told on. */
@Injectable()
export class DevicesRepository {
  constructor(private readonly system: SystemWork) {}

  /** A device belongs to who signed in on it last, and as long as they are signed in there. Of more than fifty the oldest go. */
  keep({ userId, sessionId, kind, identifier, attributes }: NewDevice): Promise<DeviceRow> {
    return this.system.run(async (tx) => {
      const row = await tx.one<DeviceRow>(
        `INSERT INTO notification_subscriptions AS s (user_id, kind, identifier, attributes, session_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (identifier) DO UPDATE SET user_id = excluded.user_id, kind = excluded.kind, attributes = excluded.attributes, session_id = excluded.session_id, updated_at = now(),
           failing_since = NULL, wait_until = CASE WHEN s.user_id = excluded.user_id THEN s.wait_until END RETURNING *`,
        [userId, kind, identifier, JSON.stringify(attributes), sessionId]);
      await tx.sql('DELETE FROM notification_subscriptions WHERE user_id = $1 AND id NOT IN (SELECT id FROM notification_subscriptions WHERE user_id = $1 ORDER BY updated_at DESC, id DESC LIMIT $2)', [userId, MOST]);
      return row!;
    });
  }

  /** All of a person, with what their session tells of the device. */
  of(userId: number): Promise<(DeviceRow & { user_agent: string | null })[]> {
    return this.system.sql('SELECT d.*, s.user_agent FROM notification_subscriptions d LEFT JOIN sessions s ON s.id = d.session_id WHERE d.user_id = $1 ORDER BY d.updated_at DESC, d.id DESC', [userId]);
  }

  /** The person's browsers that can be told things. */
  async browsersOf(userId: number): Promise<number[]> {
    return (await this.system.sql<{ id: number }>(`SELECT id FROM notification_subscriptions WHERE user_id = $1 AND kind = ${DeviceKind.browser} ORDER BY id`, [userId])).map(({ id }) => id);
  }

  /** Undefined when it is gone, and for what nothing can be encrypted for. */
  async browser(id: number): Promise<BrowserRow | undefined> {
    const [row] = await this.system.sql<DeviceRow>(`SELECT * FROM notification_subscriptions WHERE id = $1 AND kind = ${DeviceKind.browser}`, [id]);
    const keys = row && subscriptionKeys(row.attributes);
    return keys && { ...row, subscription: { endpoint: row.identifier, ...keys } };
  }

  /** Notes how telling it something went. */
  async note(id: number, { told, now, waitUntil }: { told: boolean; now: Date; waitUntil: Date | null }): Promise<void> {
    await this.system.sql(
      `UPDATE notification_subscriptions SET wait_until = $3, told_at = CASE WHEN $2 THEN $4 ELSE told_at END, failing_since = CASE WHEN $2 THEN NULL ELSE coalesce(failing_since, $4) END WHERE id = $1`,
      [id, told, waitUntil, now]);
  }

  /** By what a push service calls it, or by its own name. */
  async forget(userId: number, token: string): Promise<void> {
    await this.system.sql(`DELETE FROM notification_subscriptions WHERE user_id = $1 AND (attributes->>'push_token' = $2 OR identifier = $2)`, [userId, token]);
  }

  /** By its id. False when the person has no such device. */
  async remove(userId: number, id: number): Promise<boolean> {
    return (await this.system.sql('DELETE FROM notification_subscriptions WHERE user_id = $1 AND id = $2 RETURNING id', [userId, id])).length > 0;
  }
}

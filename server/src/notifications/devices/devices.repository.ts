import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';

export interface DeviceRow { id: number; user_id: number; created_at: Date; updated_at: Date; kind: number; identifier: string; attributes: Record<string, unknown> }
const MOST = 50;

/** Browsers and phones that people have asked to be told on. */
@Injectable()
export class DevicesRepository {
  constructor(private readonly system: SystemWork) {}

  /** A device belongs to who signed in on it last. Of more than fifty the oldest go. */
  keep(userId: number, kind: number, identifier: string, attributes: object): Promise<DeviceRow> {
    return this.system.run(async (tx) => {
      const row = await tx.one<DeviceRow>(
        `INSERT INTO notification_subscriptions (user_id, kind, identifier, attributes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (identifier) DO UPDATE SET user_id = excluded.user_id, kind = excluded.kind, attributes = excluded.attributes, updated_at = now() RETURNING *`,
        [userId, kind, identifier, JSON.stringify(attributes)]);
      await tx.sql('DELETE FROM notification_subscriptions WHERE user_id = $1 AND id NOT IN (SELECT id FROM notification_subscriptions WHERE user_id = $1 ORDER BY updated_at DESC, id DESC LIMIT $2)', [userId, MOST]);
      return row!;
    });
  }

  /** By what a push service calls it, or by its own name. False when the person has no such device. */
  async forget(userId: number, token: string): Promise<boolean> {
    return (await this.system.sql(`DELETE FROM notification_subscriptions WHERE user_id = $1 AND (attributes->>'push_token' = $2 OR identifier = $2) RETURNING id`, [userId, token])).length > 0;
  }
}

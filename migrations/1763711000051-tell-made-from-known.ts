import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An app that names the address of somebody who was there before may add them to its accounts, and nothing else. */
export class TellMadeFromKnown1763711000051 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE platform_permissions ADD made boolean NOT NULL DEFAULT true; -- false: somebody the app only knows by their address
      -- Who made whom was not written down: what belongs to others as well is not the app's to change.
      UPDATE platform_permissions p SET made = false WHERE kind = 'user' AND (
        EXISTS (SELECT FROM platform_permissions o WHERE o.kind = 'user' AND o.thing_id = p.thing_id AND o.platform_app_id <> p.platform_app_id)
        OR EXISTS (SELECT FROM account_users m WHERE m.user_id = p.thing_id AND NOT EXISTS (
          SELECT FROM platform_permissions a WHERE a.kind = 'account' AND a.thing_id = m.account_id AND a.platform_app_id = p.platform_app_id)));
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The help centre that an inbox leads to. */
export class GiveInboxesHelpCentres1763711000141 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE inboxes ADD COLUMN portal_id bigint, ADD FOREIGN KEY (account_id, portal_id) REFERENCES portals (account_id, id) ON DELETE SET NULL (portal_id);');
    await db.query('CREATE INDEX inboxes_portal ON inboxes (account_id, portal_id) WHERE portal_id IS NOT NULL;');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A help centre's own domain stands in links once somebody has come by it. */
export class NoteSeenPortalDomains1763711000022 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE portals ADD COLUMN custom_domain_seen_at timestamptz;');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

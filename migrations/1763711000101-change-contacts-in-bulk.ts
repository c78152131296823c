import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work on many people, beside work on many conversations. */
export class ChangeContactsInBulk1763711000101 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // A task is about one or the other.
    await db.query('ALTER TABLE bulk_tasks ADD COLUMN contact_ids bigint[]');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

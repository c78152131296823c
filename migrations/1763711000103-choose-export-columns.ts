import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A file of people may hold some columns only. */
export class ChooseExportColumns1763711000103 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Null: all there are.
    await db.query('ALTER TABLE contact_exports ADD COLUMN column_names text[]');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

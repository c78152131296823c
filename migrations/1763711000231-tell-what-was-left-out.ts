import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a macro could not do while it did the rest: [{action_name, message, conversations}]. */
export class TellWhatWasLeftOut1763711000231 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE bulk_tasks ADD left_out jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

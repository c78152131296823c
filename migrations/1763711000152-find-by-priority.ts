import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Filters for a priority that few have. Most conversations have none, and cost nothing; for a million it is made in a second. */
export class FindByPriority1763711000152 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE INDEX conversations_priority ON conversations (account_id, priority, id) WHERE priority > 0');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

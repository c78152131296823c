import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Filters for when conversations began, which are listed by when they were last active. */
export class FindByBeginning1763711000012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX conversations_created ON conversations (account_id, created_at);
      -- What began before a moment has either been quiet since three days after it, or been at it for more than three days: these are the few to look through.
      CREATE INDEX conversations_long ON conversations (account_id, status, last_activity_at, id, created_at) WHERE last_activity_at - created_at > interval '3 days';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

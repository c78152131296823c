import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose turn it is, and what waits because nobody could take it. */
export class CreateAssignmentTurns1763703000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- When this member was last given a conversation by turn; the one who has waited longest is next.
      ALTER TABLE inbox_members ADD COLUMN turn_at timestamptz;

      CREATE TABLE waiting_assignments (
        account_id bigint NOT NULL, conversation_id bigint NOT NULL, inbox_id bigint NOT NULL, since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (account_id, conversation_id), FOREIGN KEY (account_id, conversation_id) REFERENCES conversations (account_id, id) ON DELETE CASCADE);
      CREATE INDEX waiting_assignments_since ON waiting_assignments (account_id, inbox_id, since);
      SELECT protect_tenant_table('waiting_assignments');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people said about senders, and a quick way to the conversations that count as spam. */
export class LearnSpam1763702000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE mail_reputations (                -- learned from "mark as spam" and "not spam"
        account_id bigint NOT NULL REFERENCES accounts (id), updated_at timestamptz NOT NULL DEFAULT now(),
        spam integer NOT NULL DEFAULT 0, wanted integer NOT NULL DEFAULT 0, -- conversations that people called the one or the other
        pattern text NOT NULL CHECK (pattern = lower(pattern)), -- somebody@example.org, or example.org
        PRIMARY KEY (account_id, pattern));
      SELECT protect_tenant_table('mail_reputations');
      CREATE INDEX conversations_spam ON conversations (account_id, last_activity_at DESC, id DESC) WHERE additional_attributes ? 'spam';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

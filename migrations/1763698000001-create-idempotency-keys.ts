import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers of requests that carried an Idempotency-Key, kept in the transaction that did the work. */
export class CreateIdempotencyKeys1763698000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE idempotency_keys (
        account_id bigint NOT NULL,                  -- 0 for requests that work on no account
        created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, status smallint,
        asker text NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL,
        answer text,                                 -- sealed: an answer may hold a secret that is shown once
        PRIMARY KEY (account_id, asker, key));
      CREATE INDEX idempotency_keys_expired ON idempotency_keys (expires_at);
      SELECT protect_tenant_table('idempotency_keys');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

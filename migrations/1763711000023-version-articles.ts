import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Articles count how often their text was written, so that nobody overwrites what they have not seen; their pictures are known, so that unused ones can go. */
export class VersionArticles1763711000023 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE articles ADD COLUMN version integer NOT NULL DEFAULT 1;
      CREATE TABLE article_pictures (account_id bigint NOT NULL REFERENCES accounts (id), name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), unused_since timestamptz, PRIMARY KEY (account_id, name));
      SELECT protect_tenant_table('article_pictures');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

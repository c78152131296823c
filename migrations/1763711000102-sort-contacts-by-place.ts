import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of people has an index for each of its sorts. */
export class SortContactsByPlace1763711000102 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Columns, because under row-level security nothing inside JSON finds its index; the beginning is enough to sort by, and always fits into an index.
      ALTER TABLE contacts
        ADD COLUMN city text GENERATED ALWAYS AS (nullif(left(additional_attributes ->> 'city', 100), '')) STORED,
        ADD COLUMN country text GENERATED ALWAYS AS (nullif(left(additional_attributes ->> 'country', 100), '')) STORED,
        ADD COLUMN company_name text GENERATED ALWAYS AS (nullif(left(additional_attributes ->> 'company_name', 100), '')) STORED;
      -- Most people have none of them and cost nothing.
      CREATE INDEX contacts_city ON contacts (account_id, city, id) WHERE city IS NOT NULL;
      CREATE INDEX contacts_country ON contacts (account_id, country, id) WHERE country IS NOT NULL;
      CREATE INDEX contacts_company ON contacts (account_id, company_name, id) WHERE company_name IS NOT NULL;
      -- The audit log says that somebody was removed, and nothing of them: the new columns are left out too.
      DROP TRIGGER audit ON contacts;
      SELECT audit_table('contacts', 'Contact', names => '', ops => 'DELETE', ignored => (SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'contacts'::regclass AND attnum > 0));
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

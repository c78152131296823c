import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What conversations have in their attributes, one row each, for filters: under row-level security no index on the JSON itself would be used. */
export class FindByAttributes1763711000011 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- No update of a conversation but one of its attributes touches it. Longer keys cannot be defined, and filters compare longer values by the conversation itself.
      CREATE TABLE conversation_attributes (
        account_id bigint NOT NULL, conversation_id bigint NOT NULL, number double precision, day date,
        key text NOT NULL, value text NOT NULL);    -- the value in small letters, 200 characters of it
      SELECT protect_tenant_table('conversation_attributes');

      CREATE FUNCTION attribute_rows(account bigint, conversation bigint, attributes jsonb)
        RETURNS TABLE (account_id bigint, conversation_id bigint, number double precision, day date, key text, value text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT account, conversation, number_in(e.value)::double precision, date_in(e.value), e.key, left(lower(e.value), 200)
        FROM jsonb_each_text(CASE WHEN jsonb_typeof(attributes) = 'object' THEN attributes ELSE '{}' END) e WHERE e.value IS NOT NULL AND length(e.key) <= 100 $$;
      CREATE FUNCTION keep_conversation_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op <> 'INSERT' THEN
          DELETE FROM conversation_attributes a USING attribute_rows(old.account_id, old.id, old.custom_attributes) o
          WHERE a.account_id = o.account_id AND a.key = o.key AND a.value = o.value AND a.conversation_id = o.conversation_id
            AND (tg_op = 'DELETE' OR old.custom_attributes->>o.key IS DISTINCT FROM new.custom_attributes->>o.key);
        END IF;
        IF tg_op <> 'DELETE' THEN
          INSERT INTO conversation_attributes SELECT * FROM attribute_rows(new.account_id, new.id, new.custom_attributes) ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER attributes_new AFTER INSERT ON conversations FOR EACH ROW WHEN (new.custom_attributes IS NOT NULL) EXECUTE FUNCTION keep_conversation_attributes();
      CREATE TRIGGER attributes_gone AFTER DELETE ON conversations FOR EACH ROW WHEN (old.custom_attributes IS NOT NULL) EXECUTE FUNCTION keep_conversation_attributes();
      CREATE TRIGGER attributes_changed AFTER UPDATE OF custom_attributes ON conversations FOR EACH ROW
        WHEN (old.custom_attributes IS DISTINCT FROM new.custom_attributes) EXECUTE FUNCTION keep_conversation_attributes();

      -- Indexes after the rows: a fraction of the work. The owner of the tables sees no rows.
      SET LOCAL ROLE porchlight_system;
      INSERT INTO conversation_attributes SELECT a.* FROM conversations c, attribute_rows(c.account_id, c.id, c.custom_attributes) a WHERE c.custom_attributes IS NOT NULL;
      RESET ROLE;
      ALTER TABLE conversation_attributes ADD PRIMARY KEY (account_id, key, value, conversation_id);
      CREATE INDEX conversation_attributes_number ON conversation_attributes (account_id, key, number, conversation_id) WHERE number IS NOT NULL;
      CREATE INDEX conversation_attributes_day ON conversation_attributes (account_id, key, day, conversation_id) WHERE day IS NOT NULL;
      ANALYZE conversation_attributes;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

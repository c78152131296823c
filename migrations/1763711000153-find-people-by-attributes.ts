import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people have in their attributes, and their labels, one row each, for filters, as conversations have it. For 600,000 who all have a
 * city and a country it is made in 20 seconds, a few where most have neither; people can be written to meanwhile, except for the last three.
 */
export class FindPeopleByAttributes1763711000153 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE contact_attributes (
        account_id bigint NOT NULL, contact_id bigint NOT NULL, number double precision, day date,
        key text NOT NULL,                         -- /city, /country_code, /company_name, /label (its id), or a custom attribute: those have no slash
        value text NOT NULL);                      -- in small letters, 200 characters of it
      SELECT protect_tenant_table('contact_attributes');

      CREATE FUNCTION contact_attribute_rows(account bigint, contact bigint, custom jsonb, additional jsonb, labels integer[]) RETURNS SETOF contact_attributes LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT r.account_id, r.conversation_id, r.number, r.day, r.key, r.value FROM attribute_rows(account, contact, custom) r WHERE r.key NOT LIKE '/%'
        UNION ALL SELECT account, contact, NULL, NULL, '/' || k, left(lower(additional ->> k), 200) FROM unnest(ARRAY['city', 'country_code', 'company_name']) k WHERE additional ->> k IS NOT NULL
        UNION ALL SELECT account, contact, l, NULL, '/label', l::text FROM unnest(labels) l $$;
      CREATE FUNCTION keep_contact_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op <> 'INSERT' THEN
          DELETE FROM contact_attributes a USING contact_attribute_rows(old.account_id, old.id, old.custom_attributes, old.additional_attributes, old.label_ids) o
          WHERE a.account_id = o.account_id AND a.key = o.key AND a.value = o.value AND a.contact_id = o.contact_id AND (tg_op = 'DELETE'
            OR NOT EXISTS (SELECT FROM contact_attribute_rows(new.account_id, new.id, new.custom_attributes, new.additional_attributes, new.label_ids) n WHERE n.key = o.key AND n.value = o.value));
        END IF;
        IF tg_op <> 'DELETE' THEN
          INSERT INTO contact_attributes SELECT * FROM contact_attribute_rows(new.account_id, new.id, new.custom_attributes, new.additional_attributes, new.label_ids) ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
      END $$;
      CREATE POLICY search ON contact_attributes FOR SELECT TO porchlight_search USING (true);
      GRANT SELECT ON contact_attributes TO porchlight_search;
      CREATE FUNCTION contact_attribute_ids(attribute text, pattern text) RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off ROWS 200 AS $$
        SELECT a.contact_id FROM contact_attributes a WHERE a.account_id + 0 = app_account_id() AND a.key || '' = attribute AND a.value LIKE pattern $$;
      ALTER FUNCTION contact_attribute_ids OWNER TO porchlight_search;
      REVOKE ALL ON FUNCTION contact_attribute_ids FROM public;
      GRANT EXECUTE ON FUNCTION contact_attribute_ids TO porchlight_app;
      CREATE FUNCTION named_contact_ids(pattern text) RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off ROWS 200 AS $$
        SELECT c.id FROM contacts c WHERE c.account_id = app_account_id() AND c.search_text LIKE pattern $$;
      ALTER FUNCTION named_contact_ids OWNER TO porchlight_search;
      REVOKE ALL ON FUNCTION named_contact_ids FROM public;
      GRANT EXECUTE ON FUNCTION named_contact_ids TO porchlight_app;

      SET LOCAL ROLE porchlight_system;
      INSERT INTO contact_attributes SELECT a.* FROM contacts c, contact_attribute_rows(c.account_id, c.id, c.custom_attributes, c.additional_attributes, c.label_ids) a
        WHERE c.custom_attributes IS NOT NULL OR c.additional_attributes IS NOT NULL OR c.label_ids <> '{}';
      RESET ROLE;
      ALTER TABLE contact_attributes ADD PRIMARY KEY (account_id, key, value, contact_id);
      CREATE INDEX contact_attributes_number ON contact_attributes (account_id, key, number, contact_id) WHERE number IS NOT NULL;
      CREATE INDEX contact_attributes_day ON contact_attributes (account_id, key, day, contact_id) WHERE day IS NOT NULL;
      CREATE INDEX contact_attributes_cut ON contact_attributes (account_id, key, contact_id) WHERE length(value) = 200;
      CREATE INDEX contact_attributes_words ON contact_attributes USING gin ((account_id + 0), (key || ''), value gin_trgm_ops) WITH (gin_pending_list_limit = 256);
      CREATE INDEX contacts_created ON contacts (account_id, created_at);
      CREATE INDEX contacts_blocked ON contacts (account_id, id) WHERE blocked;

      -- From here on nobody writes to contacts until the end: what was written meanwhile is put right.
      CREATE TRIGGER attributes_new AFTER INSERT ON contacts FOR EACH ROW
        WHEN (new.custom_attributes IS NOT NULL OR new.additional_attributes IS NOT NULL OR new.label_ids <> '{}') EXECUTE FUNCTION keep_contact_attributes();
      CREATE TRIGGER attributes_gone AFTER DELETE ON contacts FOR EACH ROW
        WHEN (old.custom_attributes IS NOT NULL OR old.additional_attributes IS NOT NULL OR old.label_ids <> '{}') EXECUTE FUNCTION keep_contact_attributes();
      CREATE TRIGGER attributes_changed AFTER UPDATE OF custom_attributes, additional_attributes, label_ids ON contacts FOR EACH ROW
        WHEN ((old.custom_attributes, old.additional_attributes, old.label_ids) IS DISTINCT FROM (new.custom_attributes, new.additional_attributes, new.label_ids)) EXECUTE FUNCTION keep_contact_attributes();
      SET LOCAL ROLE porchlight_system;
      DELETE FROM contact_attributes a WHERE NOT EXISTS (SELECT FROM contacts c WHERE c.account_id = a.account_id AND c.id = a.contact_id);
      DELETE FROM contact_attributes a USING contacts c WHERE c.account_id = a.account_id AND c.id = a.contact_id AND c.updated_at > now() - interval '5 minutes';
      INSERT INTO contact_attributes SELECT a.* FROM contacts c, contact_attribute_rows(c.account_id, c.id, c.custom_attributes, c.additional_attributes, c.label_ids) a WHERE c.updated_at > now() - interval '5 minutes';
      RESET ROLE;
      ANALYZE contact_attributes;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where conversations came from, for filters: under row-level security no index on the JSON itself would be used. A table beside them, because what is an index of
 * conversations is written again with every message; this is written once. For a million conversations it is made in half a minute, during which
 * conversations can be written to, except for the last two or three seconds.
 */
export class FindByOrigin1763711000151 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE conversation_origins (
        account_id bigint NOT NULL, conversation_id bigint NOT NULL,
        is_cut boolean NOT NULL,                   -- one of them is longer than 500 characters: what is looked for may be in the rest
        campaign_id text, browser_language text, conversation_language text, referer text, mail_subject text); -- in small letters, 500 characters of each
      SELECT protect_tenant_table('conversation_origins');

      CREATE FUNCTION origin_texts(attributes jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT ARRAY[lower(attributes ->> 'campaign_id'), lower(attributes ->> 'browser_language'), lower(attributes ->> 'conversation_language'), lower(attributes ->> 'referer'), lower(attributes ->> 'mail_subject')] $$;
      CREATE FUNCTION origin_rows(account bigint, conversation bigint, t text[]) RETURNS SETOF conversation_origins LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT account, conversation, greatest(length(t[1]), length(t[2]), length(t[3]), length(t[4]), length(t[5])) > 500, left(t[1], 500), left(t[2], 500), left(t[3], 500), left(t[4], 500), left(t[5], 500)
        WHERE coalesce(t[1], t[2], t[3], t[4], t[5]) IS NOT NULL $$;
      CREATE FUNCTION keep_conversation_origin() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op = 'UPDATE' AND origin_texts(old.additional_attributes) IS NOT DISTINCT FROM origin_texts(new.additional_attributes) THEN
          RETURN NULL;
        END IF;
        IF tg_op <> 'INSERT' THEN
          DELETE FROM conversation_origins o WHERE o.account_id = old.account_id AND o.conversation_id = old.id;
        END IF;
        IF tg_op <> 'DELETE' THEN
          INSERT INTO conversation_origins SELECT * FROM origin_rows(new.account_id, new.id, origin_texts(new.additional_attributes));
        END IF;
        RETURN NULL;
      END $$;

      -- What a text holds, among the values of one attribute. As for searching, the function looks past the policy with an index that the policy would not let be used, and says the account itself.
      CREATE POLICY search ON conversation_origins FOR SELECT TO porchlight_search USING (true);
      GRANT SELECT ON conversation_origins TO porchlight_search;
      CREATE FUNCTION origin_ids(attribute text, pattern text) RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off ROWS 200 AS $$
        SELECT o.conversation_id FROM conversation_origins o WHERE attribute = 'referer' AND o.account_id = app_account_id() AND o.referer LIKE pattern
        UNION ALL SELECT o.conversation_id FROM conversation_origins o WHERE attribute = 'mail_subject' AND o.account_id = app_account_id() AND o.mail_subject LIKE pattern $$;
      ALTER FUNCTION origin_ids OWNER TO porchlight_search;
      REVOKE ALL ON FUNCTION origin_ids FROM public;
      GRANT EXECUTE ON FUNCTION origin_ids TO porchlight_app;
      CREATE FUNCTION attribute_ids(attribute text, pattern text) RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off ROWS 200 AS $$
        SELECT a.conversation_id FROM conversation_attributes a WHERE a.account_id + 0 = app_account_id() AND a.key || '' = attribute AND a.value LIKE pattern $$;
      CREATE POLICY search ON conversation_attributes FOR SELECT TO porchlight_search USING (true);
      GRANT SELECT ON conversation_attributes TO porchlight_search;
      ALTER FUNCTION attribute_ids OWNER TO porchlight_search;
      REVOKE ALL ON FUNCTION attribute_ids FROM public;
      GRANT EXECUTE ON FUNCTION attribute_ids TO porchlight_app;

      -- Indexes after the rows: a fraction of the work. The owner of the tables sees no rows.
      SET LOCAL ROLE porchlight_system;
      INSERT INTO conversation_origins SELECT o.* FROM conversations c, origin_rows(c.account_id, c.id, origin_texts(c.additional_attributes)) o WHERE c.additional_attributes IS NOT NULL;
      RESET ROLE;
      ALTER TABLE conversation_origins ADD PRIMARY KEY (account_id, conversation_id);
      CREATE INDEX conversation_origins_campaign ON conversation_origins (account_id, campaign_id, conversation_id) WHERE campaign_id IS NOT NULL;
      CREATE INDEX conversation_origins_browser ON conversation_origins (account_id, browser_language, conversation_id) WHERE browser_language IS NOT NULL;
      CREATE INDEX conversation_origins_conversation ON conversation_origins (account_id, conversation_language, conversation_id) WHERE conversation_language IS NOT NULL;
      CREATE INDEX conversation_origins_referer ON conversation_origins (account_id, referer, conversation_id) WHERE referer IS NOT NULL;
      CREATE INDEX conversation_origins_subject ON conversation_origins (account_id, mail_subject, conversation_id) WHERE mail_subject IS NOT NULL;
      CREATE INDEX conversation_origins_cut ON conversation_origins (account_id, conversation_id) WHERE is_cut;
      CREATE INDEX conversation_attributes_cut ON conversation_attributes (account_id, key, conversation_id) WHERE length(value) = 200;
      -- What waits to be put in order is read with every search: little of it.
      CREATE INDEX conversation_origins_words ON conversation_origins USING gin (account_id, referer gin_trgm_ops, mail_subject gin_trgm_ops) WITH (gin_pending_list_limit = 256);
      -- Expressions, so that it is taken for these searches alone: for a key as such the primary key is better.
      CREATE INDEX conversation_attributes_words ON conversation_attributes USING gin ((account_id + 0), (key || ''), value gin_trgm_ops) WITH (gin_pending_list_limit = 256);

      -- From here on nobody writes to conversations until the end: what was written meanwhile is put right.
      CREATE TRIGGER origin_new AFTER INSERT ON conversations FOR EACH ROW WHEN (new.additional_attributes IS NOT NULL) EXECUTE FUNCTION keep_conversation_origin();
      CREATE TRIGGER origin_gone AFTER DELETE ON conversations FOR EACH ROW WHEN (old.additional_attributes IS NOT NULL) EXECUTE FUNCTION keep_conversation_origin();
      CREATE TRIGGER origin_changed AFTER UPDATE OF additional_attributes ON conversations FOR EACH ROW
        WHEN (old.additional_attributes IS DISTINCT FROM new.additional_attributes) EXECUTE FUNCTION keep_conversation_origin();
      SET LOCAL ROLE porchlight_system;
      DELETE FROM conversation_origins o WHERE NOT EXISTS (SELECT FROM conversations c WHERE c.account_id = o.account_id AND c.id = o.conversation_id);
      DELETE FROM conversation_origins o USING conversations c WHERE c.account_id = o.account_id AND c.id = o.conversation_id AND c.updated_at > now() - interval '5 minutes';
      INSERT INTO conversation_origins SELECT o.* FROM conversations c, origin_rows(c.account_id, c.id, origin_texts(c.additional_attributes)) o WHERE c.updated_at > now() - interval '5 minutes';
      RESET ROLE;
      ANALYZE conversation_origins;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events carry what was before a change: where that is about people, it is found again by whom it is about, and goes when they go. */
export class ForgetEventChanges1763711000021 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX events_changes_of_contact ON events (account_id, ((payload->>'contact_id')::bigint)) WHERE type = 'contact.updated';
      CREATE INDEX events_changes_of_conversation ON events (account_id, conversation_id) WHERE payload->'changes' ?| ARRAY['custom_attributes', 'additional_attributes', 'content_attributes'];
      GRANT SELECT, UPDATE ON events TO porchlight_search;
      CREATE POLICY forget ON events TO porchlight_search USING (true) WITH CHECK (true);
      -- Its owner is held to no account but the one named in it, so that both indexes serve: under a policy only leakproof conditions keep theirs.
      CREATE FUNCTION forget_event_changes(contacts bigint[], conversations bigint[]) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE events SET payload = payload - 'changes' WHERE account_id = app_account_id() AND type = 'contact.updated' AND (payload->>'contact_id')::bigint = ANY (contacts);
        UPDATE events SET payload = payload - 'changes' WHERE account_id = app_account_id() AND conversation_id = ANY (conversations)
          AND payload->'changes' ?| ARRAY['custom_attributes', 'additional_attributes', 'content_attributes'] $$;
      ALTER FUNCTION forget_event_changes OWNER TO porchlight_search;
      REVOKE ALL ON FUNCTION forget_event_changes FROM public;
      GRANT EXECUTE ON FUNCTION forget_event_changes TO porchlight_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

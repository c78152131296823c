import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who changed what of an account's settings, and from where. Written by triggers, so by the same transaction as the change and whatever code made it;
 * who acts is named by the unit of work (`app.acting` = 'user 5|203.0.113.7|request id'). What nobody asked for, like the work of jobs, is not recorded.
 */
export class CreateAuditLog1763707000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_logs (
        account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, id bigint GENERATED ALWAYS AS IDENTITY, created_at timestamptz NOT NULL DEFAULT now(),
        auditable_id bigint, associated_id bigint, user_id bigint, -- people may be gone
        version integer NOT NULL DEFAULT 1, action text NOT NULL, auditable_type text NOT NULL, auditable_name text, associated_type text, user_type text, username text,
        remote_address text, request_uuid text, audited_changes jsonb NOT NULL DEFAULT '{}', PRIMARY KEY (account_id, id));
      CREATE INDEX audit_logs_of ON audit_logs (account_id, auditable_type, auditable_id, version);
      CREATE INDEX audit_logs_created ON audit_logs USING brin (created_at);
      SELECT protect_tenant_table('audit_logs');
      -- Nobody alters it, nor adds to it but through the functions below.
      REVOKE INSERT, UPDATE, DELETE ON audit_logs FROM porchlight_app, porchlight_system;
      CREATE POLICY keeper ON audit_logs TO porchlight_search USING (true) WITH CHECK (true);
      CREATE POLICY keeper ON accounts FOR SELECT TO porchlight_search USING (true);
      CREATE POLICY keeper ON account_users FOR SELECT TO porchlight_search USING (true);
      CREATE POLICY keeper ON agent_bots FOR SELECT TO porchlight_search USING (true);
      GRANT SELECT, INSERT, DELETE ON audit_logs TO porchlight_search;
      GRANT SELECT ON accounts, account_users, users, agent_bots, platform_apps TO porchlight_search;

      -- One line. Acts without a person behind them leave none.
      CREATE FUNCTION write_audit(account bigint, kind text, thing bigint, label text, act text, changes jsonb, person bigint DEFAULT NULL, parent_kind text DEFAULT NULL, parent bigint DEFAULT NULL)
      RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        acting text[] := string_to_array(current_setting('app.acting', true), '|');
        who text := split_part(acting[1], ' ', 1);
        actor bigint := nullif(split_part(acting[1], ' ', 2), '')::bigint;
        actor_name text;
      BEGIN
        IF actor IS NULL THEN actor := person; who := 'user'; END IF;
        IF actor IS NULL THEN RETURN; END IF;
        actor_name := CASE who WHEN 'user' THEN (SELECT email FROM users WHERE id = actor) WHEN 'bot' THEN (SELECT name FROM agent_bots WHERE id = actor) ELSE (SELECT name FROM platform_apps WHERE id = actor) END;
        INSERT INTO audit_logs (account_id, auditable_type, auditable_id, auditable_name, associated_type, associated_id, user_id, user_type, username, action, audited_changes, remote_address, request_uuid, version)
        SELECT a.id, kind, thing, left(label, 200), coalesce(parent_kind, 'Account'), coalesce(parent, a.id), actor, CASE who WHEN 'user' THEN 'User' WHEN 'bot' THEN 'AgentBot' ELSE 'PlatformApp' END,
          actor_name, act, changes, nullif(acting[2], ''), nullif(acting[3], ''),
          1 + coalesce((SELECT max(l.version) FROM audit_logs l WHERE l.account_id = a.id AND l.auditable_type = kind AND l.auditable_id = thing), 0)
        FROM accounts a WHERE a.id = account;
      END $$;

      -- The changed columns, as [before, after] or as they are; secrets are named and not shown.
      CREATE FUNCTION audit_changes(op text, before jsonb, after jsonb, secrets text[], ignored text[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
        WITH changed AS (
          SELECT key, before -> key AS b, after -> key AS a FROM jsonb_object_keys(before || after) AS key
          WHERE key <> ALL (ignored || ARRAY['id', 'account_id', 'created_at', 'updated_at']) AND coalesce(before -> key, 'null') <> coalesce(after -> key, 'null')),
        shown AS (
          SELECT key, CASE WHEN b IS NULL OR b = 'null' THEN 'null' WHEN key = ANY (secrets) THEN '"[hidden]"' WHEN length(b::text) > 4000 THEN to_jsonb(left(b #>> '{}', 4000)) ELSE b END AS b,
            CASE WHEN a IS NULL OR a = 'null' THEN 'null' WHEN key = ANY (secrets) THEN '"[hidden]"' WHEN length(a::text) > 4000 THEN to_jsonb(left(a #>> '{}', 4000)) ELSE a END AS a FROM changed)
        SELECT coalesce(jsonb_object_agg(key, CASE op WHEN 'UPDATE' THEN jsonb_build_array(b, a) WHEN 'INSERT' THEN a ELSE b END), '{}') FROM shown $$;

      -- Arguments: what it is called, columns of its name, secret columns, columns that are no settings, whose it is ('account_id', 'id', or 'person:<column>'), what it belongs to ('Inbox:inbox_id').
      CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        before jsonb := CASE TG_OP WHEN 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
        after jsonb := CASE TG_OP WHEN 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
        held jsonb := before || after;
        act text := CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'DELETE' THEN 'destroy' ELSE 'update' END;
        changes jsonb := audit_changes(TG_OP, before, after, string_to_array(TG_ARGV[2], ','), string_to_array(TG_ARGV[3], ','));
        whose text := TG_ARGV[4];
        person bigint;
        label text;
        account bigint;
      BEGIN
        IF TG_OP = 'UPDATE' AND changes = '{}' THEN RETURN NULL; END IF;
        IF TG_TABLE_NAME = 'api_tokens' AND held ->> 'owner_type' <> 'User' THEN RETURN NULL; END IF;
        IF TG_OP = 'UPDATE' AND before ->> 'deleted_at' IS NULL AND after ->> 'deleted_at' IS NOT NULL THEN act := 'destroy'; END IF;
        SELECT held ->> col INTO label FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS names(col, n) WHERE nullif(held ->> col, '') IS NOT NULL ORDER BY n LIMIT 1;
        IF TG_TABLE_NAME = 'sessions' THEN act := CASE TG_OP WHEN 'INSERT' THEN 'sign_in' ELSE 'sign_out' END; changes := '{}'; END IF;
        IF whose LIKE 'person:%' THEN
          person := (held ->> split_part(whose, ':', 2))::bigint;
          label := coalesce(label, (SELECT email FROM users WHERE id = person));
          FOR account IN SELECT m.account_id FROM account_users m WHERE m.user_id = person LOOP
            PERFORM write_audit(account, TG_ARGV[0], CASE WHEN TG_ARGV[0] = 'User' THEN person ELSE (held ->> 'id')::bigint END, label, act, changes, person);
          END LOOP;
        ELSE
          label := coalesce(label, (SELECT email FROM users WHERE id = (held ->> 'user_id')::bigint));
          PERFORM write_audit((held ->> whose)::bigint, TG_ARGV[0], coalesce((held ->> 'id')::bigint, CASE WHEN TG_ARGV[1] = '' THEN (held ->> 'user_id')::bigint END), label, act, changes, NULL,
            nullif(split_part(TG_ARGV[5], ':', 1), ''), (held ->> nullif(split_part(TG_ARGV[5], ':', 2), ''))::bigint);
        END IF;
        RETURN NULL;
      END $$;

      -- Call it for every table that holds settings, in the migration that creates the table.
      CREATE FUNCTION audit_table(t regclass, kind text, names text DEFAULT 'name', secrets text DEFAULT '', ignored text DEFAULT '', whose text DEFAULT 'account_id', parent text DEFAULT '', ops text DEFAULT 'INSERT OR UPDATE OR DELETE')
      RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('CREATE TRIGGER audit AFTER %s ON %s FOR EACH ROW WHEN (current_setting(''app.acting'', true) <> '''') EXECUTE FUNCTION audit_row(%L, %L, %L, %L, %L, %L)', ops, t, kind, names, secrets, ignored, whose, parent);
      END $$;

      -- An act that changes no row: an export, a download.
      CREATE FUNCTION audit_act(kind text, act text, facts jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT write_audit(app_account_id(), kind, NULL, NULL, act, facts) $$;
      -- Lines older than the account keeps them (a year unless it says otherwise, never less than 30 days).
      CREATE FUNCTION forget_audit_logs(today timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DELETE FROM audit_logs l USING accounts a WHERE a.id = l.account_id AND l.created_at < today - make_interval(days => greatest(30, coalesce((a.settings ->> 'audit_log_days')::int, 365))) $$;

      ALTER FUNCTION write_audit OWNER TO porchlight_search;
      ALTER FUNCTION audit_row OWNER TO porchlight_search;
      ALTER FUNCTION audit_act OWNER TO porchlight_search;
      ALTER FUNCTION forget_audit_logs OWNER TO porchlight_search;
      REVOKE ALL ON FUNCTION write_audit, audit_act, forget_audit_logs, audit_table FROM public;
      GRANT EXECUTE ON FUNCTION audit_act TO porchlight_app, porchlight_system;
      GRANT EXECUTE ON FUNCTION forget_audit_logs TO porchlight_system;

      SELECT audit_table('accounts', 'Account', whose => 'id', ops => 'UPDATE');
      SELECT audit_table('account_users', 'AccountUser', names => '', ignored => 'availability,auto_offline,active_at');
      SELECT audit_table('users', 'User', names => 'email', ignored => 'ui_settings,message_signature,avatar_key,locale,timezone,custom_attributes', whose => 'person:id', ops => 'UPDATE');
      SELECT audit_table('user_credentials', 'User', names => '', secrets => 'password_digest,mfa_secret', ignored => 'user_id,password_changed_at,mfa_pending_secret,mfa_last_step', whose => 'person:user_id', ops => 'UPDATE');
      SELECT audit_table('sessions', 'User', names => '', whose => 'person:user_id', ops => 'INSERT OR DELETE');
      SELECT audit_table('api_tokens', 'AccessToken', secrets => 'token_hash', ignored => 'owner_type,owner_id,last_used_at,last_used_ip', whose => 'person:owner_id');
      SELECT audit_table('scoped_tokens', 'AccessToken', secrets => 'token_hash', ignored => 'hint,last_used_at,last_used_ip');
      SELECT audit_table('inboxes', 'Inbox', secrets => 'channel_secrets,public_token', ignored => 'widget_last_seen_at,widget_last_seen_url,avatar_key');
      SELECT audit_table('inbox_members', 'InboxMember', names => '', parent => 'Inbox:inbox_id');
      SELECT audit_table('labels', 'Label', names => 'title');
      SELECT audit_table('teams', 'Team');
      SELECT audit_table('team_members', 'TeamMember', names => '', parent => 'Team:team_id');
      SELECT audit_table('custom_attribute_definitions', 'CustomAttributeDefinition', names => 'display_name,key');
      SELECT audit_table('canned_responses', 'CannedResponse', names => 'short_code');
      SELECT audit_table('macros', 'Macro', ignored => 'updated_by');
      SELECT audit_table('automation_rules', 'AutomationRule', ignored => 'position');
      SELECT audit_table('webhooks', 'Webhook', names => 'name,url', secrets => 'secret', ignored => 'claimed_at,next_try_at,failing_since,last_success_at,last_failure_at,failures,last_error');
      SELECT audit_table('agent_bots', 'AgentBot', secrets => 'access_token', ignored => 'avatar_key');
      SELECT audit_table('mail_blocks', 'MailBlock', names => 'pattern', ignored => 'user_id');
      -- Of what people write only that it was deleted.
      SELECT audit_table('conversations', 'Conversation', names => 'display_id', ops => 'DELETE', ignored => (SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'conversations'::regclass AND attnum > 0 AND attname <> ALL (ARRAY['display_id', 'inbox_id', 'contact_id'])));
      SELECT audit_table('contacts', 'Contact', names => '', ops => 'DELETE', ignored => (SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'contacts'::regclass AND attnum > 0));
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

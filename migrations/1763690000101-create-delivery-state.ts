import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What delivery itself must remember, so that an emptied queue loses nothing. */
export class CreateDeliveryState1763690000101 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- One row per event and subscriber that has not finished yet. The relay writes it before it queues the job; finishing deletes it.
      CREATE TABLE event_deliveries (
        account_id bigint NOT NULL, event_id bigint NOT NULL, event_created_at timestamptz NOT NULL, due_at timestamptz NOT NULL, subscriber text NOT NULL,
        PRIMARY KEY (account_id, event_id, subscriber));
      CREATE INDEX event_deliveries_due ON event_deliveries (due_at);
      -- Rows live for milliseconds: without this the index grows with what has long been deleted.
      ALTER TABLE event_deliveries SET (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0.05);
      SELECT protect_tenant_table('event_deliveries');

      -- When each repeated job is due next, for the whole installation.
      CREATE TABLE schedules (name text PRIMARY KEY, next_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 50);
      GRANT SELECT, INSERT, UPDATE, DELETE ON schedules TO porchlight_system;

      -- Drops months of events that ended before the given time. A month that still holds undispatched events stays.
      CREATE FUNCTION drop_event_partitions(before timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE part text; month_end date; dropped int := 0; waiting boolean;
      BEGIN
        FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_[0-9]{4}_[0-9]{2}$' LOOP
          month_end := (to_date(substr(part, 8), 'YYYY_MM') + interval '1 month')::date;
          CONTINUE WHEN month_end > before;
          EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE dispatched_at IS NULL)', part) INTO waiting;
          CONTINUE WHEN waiting;
          EXECUTE format('DROP TABLE %I', part);
          dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
      END $$;
      REVOKE ALL ON FUNCTION drop_event_partitions FROM public;
      GRANT EXECUTE ON FUNCTION drop_event_partitions TO porchlight_system;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

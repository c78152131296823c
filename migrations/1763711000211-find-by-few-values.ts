import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of so few all are looked through; so many of a kind that has more are looked at in vain. */
const FEW = 200;

/**
 * Parts of texts of which there are few different ones (towns, languages, pages of a site): all are looked through, one step of an index each, and what has those that fit is read from the
 * index that has the values. That needs no three characters, and is a tenth of the work of an index of parts where many have the value. Of other texts one or two characters are looked for in the
 * index of values, from end to end.
 */
export class FindByFewValues1763711000211 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // How many have a value depends on whose attribute it is and on which: taken for independent, they are thought to be a quarter of what they are, and too many are looked up one by one.
    await db.query(`
      CREATE STATISTICS conversation_attribute_values (mcv) ON account_id, key, value FROM conversation_attributes;
      CREATE STATISTICS conversation_attribute_numbers (mcv) ON account_id, key, number FROM conversation_attributes;
      CREATE STATISTICS conversation_attribute_days (mcv) ON account_id, key, day FROM conversation_attributes;
      CREATE STATISTICS contact_attribute_values (mcv) ON account_id, key, value FROM contact_attributes;
      CREATE STATISTICS contact_attribute_numbers (mcv) ON account_id, key, number FROM contact_attributes;
      CREATE STATISTICS contact_attribute_days (mcv) ON account_id, key, day FROM contact_attributes;
      ANALYZE conversation_attributes, contact_attributes;
    `);
    for (const [table, id, name] of [['conversation_attributes', 'conversation_id', 'attribute_ids'], ['contact_attributes', 'contact_id', 'contact_attribute_ids']]) {
      await db.query(searching(name!, `
        DECLARE
          account bigint := app_account_id();
          known text[] := ARRAY(WITH RECURSIVE v AS (
            (SELECT a.value, 1 AS n FROM ${table} a WHERE a.account_id = account AND a.key = attribute ORDER BY a.value LIMIT 1)
            UNION ALL SELECT (SELECT a.value FROM ${table} a WHERE a.account_id = account AND a.key = attribute AND a.value > v.value ORDER BY a.value LIMIT 1), v.n + 1 FROM v WHERE v.value IS NOT NULL AND v.n <= ${FEW})
            SELECT v.value FROM v WHERE v.value IS NOT NULL);
        BEGIN
          IF cardinality(known) <= ${FEW} THEN
            RETURN QUERY SELECT a.${id} FROM ${table} a WHERE a.account_id = account AND a.key = attribute AND a.value = ANY (ARRAY(SELECT k FROM unnest(known) k WHERE k LIKE pattern));
          ELSIF left(pattern, 1) <> '%' OR length(regexp_replace(pattern, '\\\\(.)', '\\1', 'g')) >= 5 THEN
            RETURN QUERY SELECT a.${id} FROM ${table} a WHERE a.account_id + 0 = account AND a.key || '' = attribute AND a.value LIKE pattern;
          ELSE
            RETURN QUERY SELECT a.${id} FROM ${table} a WHERE a.account_id = account AND a.key = attribute AND a.value LIKE pattern;
          END IF;
        END`));
    }
    await db.query(searching('origin_ids', `
        DECLARE
          account bigint := app_account_id();
          known text[];
        BEGIN
          EXECUTE format('SELECT ARRAY(WITH RECURSIVE v AS (
            (SELECT o.%1$I AS value, 1 AS n FROM conversation_origins o WHERE o.account_id = $1 AND o.%1$I IS NOT NULL ORDER BY o.%1$I LIMIT 1)
            UNION ALL SELECT (SELECT o.%1$I FROM conversation_origins o WHERE o.account_id = $1 AND o.%1$I > v.value ORDER BY o.%1$I LIMIT 1), v.n + 1 FROM v WHERE v.value IS NOT NULL AND v.n <= ${FEW})
            SELECT v.value FROM v WHERE v.value IS NOT NULL)', attribute) INTO known USING account;
          IF cardinality(known) <= ${FEW} THEN
            RETURN QUERY EXECUTE format('SELECT o.conversation_id FROM conversation_origins o WHERE o.account_id = $1 AND o.%1$I = ANY (ARRAY(SELECT k FROM unnest($2) k WHERE k LIKE $3))', attribute) USING account, known, pattern;
          ELSE
            RETURN QUERY EXECUTE format('SELECT o.conversation_id FROM conversation_origins o WHERE o.account_id = $1 AND o.%1$I LIKE $2', attribute) USING account, pattern;
          END IF;
        END`));
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}

/** In place of the function of that name, with its owner and rights. What it finds is little wherever it is asked; the planner expects a thousand times that of what it cannot know. */
const searching = (name: string, body: string): string => `
  CREATE OR REPLACE FUNCTION ${name}(attribute text, pattern text) RETURNS TABLE (id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_seqscan = off ROWS 2000 AS $$${body} $$`;

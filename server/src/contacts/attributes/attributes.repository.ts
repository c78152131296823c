import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { CreateAttribute, UpdateAttribute } from './attribute.dto.js';
import { ATTRIBUTE_MODELS, ATTRIBUTE_TYPES, type AttributeModel } from './attribute-types.js';

export interface AttributeRow {
  id: number; created_at: Date; updated_at: Date; model: number; display_type: number; key: string; display_name: string; description: string | null;
  regex_pattern: string | null; regex_cue: string | null; choices: string[];
}

/** The attributes an account has defined for its conversations and contacts. */
@Injectable()
export class AttributesRepository {
  list(tx: Tx, model?: AttributeModel): Promise<AttributeRow[]> {
    return tx.sql<AttributeRow>('SELECT * FROM custom_attribute_definitions WHERE account_id = $1 AND ($2::smallint IS NULL OR model = $2) ORDER BY display_name, id',
      [tx.accountId, model ? ATTRIBUTE_MODELS.indexOf(model) : null]);
  }

  /** Those of one model with these keys. */
  named(tx: Tx, model: AttributeModel, keys: string[]): Promise<AttributeRow[]> {
    return tx.sql<AttributeRow>('SELECT * FROM custom_attribute_definitions WHERE account_id = $1 AND model = $2 AND key = ANY ($3)', [tx.accountId, ATTRIBUTE_MODELS.indexOf(model), keys]);
  }

  find(tx: Tx, id: number): Promise<AttributeRow | undefined> {
    return tx.one<AttributeRow>('SELECT * FROM custom_attribute_definitions WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** Undefined when the key is taken. */
  insert(tx: Tx, given: CreateAttribute): Promise<AttributeRow | undefined> {
    return tx.one<AttributeRow>(
      `INSERT INTO custom_attribute_definitions (account_id, model, key, display_type, display_name, description, regex_pattern, regex_cue, choices)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account_id, model, key) DO NOTHING RETURNING *`,
      [tx.accountId, ATTRIBUTE_MODELS.indexOf(given.attribute_model), given.attribute_key, ATTRIBUTE_TYPES.indexOf(given.attribute_display_type), given.attribute_display_name,
        given.attribute_description ?? null, given.regex_pattern ?? null, given.regex_cue ?? null, given.attribute_values ?? []]);
  }

  /** Throws 23505 when another has that key. */
  update(tx: Tx, id: number, given: UpdateAttribute): Promise<AttributeRow | undefined> {
    return tx.one<AttributeRow>(
      `UPDATE custom_attribute_definitions SET display_type = coalesce($3, display_type), display_name = coalesce($4, display_name), description = CASE WHEN $5 THEN $6 ELSE description END,
         regex_pattern = CASE WHEN $7 THEN $8 ELSE regex_pattern END, regex_cue = CASE WHEN $9 THEN $10 ELSE regex_cue END, choices = coalesce($11, choices), key = coalesce($12, key), model = coalesce($13, model), updated_at = now()
       WHERE account_id = $1 AND id = $2 RETURNING *`,
      [tx.accountId, id, given.attribute_display_type ? ATTRIBUTE_TYPES.indexOf(given.attribute_display_type) : null, given.attribute_display_name ?? null,
        given.attribute_description !== undefined, given.attribute_description ?? null, given.regex_pattern !== undefined, given.regex_pattern ?? null,
        given.regex_cue !== undefined, given.regex_cue ?? null, given.attribute_values ?? null,
        given.attribute_key ?? null, given.attribute_model ? ATTRIBUTE_MODELS.indexOf(given.attribute_model) : null]);
  }

  /** Values stay where they are stored. False when there is none. */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM custom_attribute_definitions WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }
}

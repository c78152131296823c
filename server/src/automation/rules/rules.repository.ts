import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import type { Action } from '../actions/action.dto.js';
import type { CreateRule, RuleEvent, UpdateRule } from './rule.dto.js';

export interface RuleRow {
  account_id: number; id: number; created_at: Date; position: number; active: boolean; event_name: RuleEvent; name: string; description: string | null; conditions: Condition[]; actions: Action[];
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The account's automation rules, in the order in which they act. */
@Injectable()
export class RulesRepository {
  list(tx: Tx): Promise<RuleRow[]> {
    return tx.sql<RuleRow>('SELECT * FROM automation_rules WHERE account_id = $1 ORDER BY position, id', [tx.accountId]);
  }

  active(tx: Tx, events: RuleEvent[]): Promise<RuleRow[]> {
    return tx.sql<RuleRow>('SELECT * FROM automation_rules WHERE account_id = $1 AND active AND event_name = ANY ($2) ORDER BY position, id', [tx.accountId, events]);
  }

  find(tx: Tx, id: number): Promise<RuleRow | undefined> {
    return tx.one<RuleRow>('SELECT * FROM automation_rules WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** A new rule acts last. */
  async insert(tx: Tx, rule: CreateRule): Promise<RuleRow> {
    return (await tx.one<RuleRow>(
      `INSERT INTO automation_rules (account_id, position, active, event_name, name, description, conditions, actions)
       SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6::jsonb, $7::jsonb FROM automation_rules WHERE account_id = $1 RETURNING *`,
      [tx.accountId, rule.active ?? true, rule.event_name, rule.name, rule.description ?? null, json(rule.conditions), json(rule.actions)]))!;
  }

  async update(tx: Tx, id: number, rule: UpdateRule): Promise<RuleRow> {
    return (await tx.one<RuleRow>(
      `UPDATE automation_rules SET active = coalesce($3, active), event_name = coalesce($4, event_name), name = coalesce($5, name), description = CASE WHEN $6 THEN $7 ELSE description END,
         conditions = coalesce($8::jsonb, conditions), actions = coalesce($9::jsonb, actions), updated_at = now() WHERE account_id = $1 AND id = $2 RETURNING *`,
      [tx.accountId, id, rule.active ?? null, rule.event_name ?? null, rule.name ?? null, rule.description !== undefined, rule.description ?? null, json(rule.conditions), json(rule.actions)]))!;
  }

  async order(tx: Tx, ids: number[]): Promise<void> {
    await tx.sql('UPDATE automation_rules r SET position = o.n FROM unnest($2::bigint[]) WITH ORDINALITY AS o(id, n) WHERE r.account_id = $1 AND r.id = o.id', [tx.accountId, ids]);
  }

  /** With its runs. False when there is none. */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM automation_rules WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }
}

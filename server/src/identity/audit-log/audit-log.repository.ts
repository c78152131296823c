import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import type { AuditFilter } from './audit-log.dto.js';

export const AUDITS_PER_PAGE = 25;

export interface AuditRow {
  id: number; created_at: Date; auditable_id: number | null; associated_id: number | null; user_id: number | null; version: number; action: string; auditable_type: string; auditable_name: string | null;
  associated_type: string | null; user_type: string | null; username: string | null; remote_address: string | null; request_uuid: string | null; audited_changes: Record<string, unknown>;
}

const WHERE = `account_id = $1 AND ($2::bigint IS NULL OR (user_id = $2 AND user_type = 'User')) AND ($3::text IS NULL OR auditable_type = $3) AND ($4::text IS NULL OR action = $4)
  AND ($5::bigint IS NULL OR created_at >= to_timestamp($5)) AND ($6::bigint IS NULL OR created_at < to_timestamp($6))`;
const params = (tx: Tx, { user_id, auditable_type, action, since, until }: AuditFilter): unknown[] => [tx.accountId, user_id ?? null, auditable_type ?? null, action ?? null, since ?? null, until ?? null];

/** Who changed what. The database writes it (see the migration); here it is only read. */
@Injectable()
export class AuditLog {
  constructor(private readonly system: SystemWork) {}

  list(tx: Tx, filter: AuditFilter, limit: number, offset: number): Promise<AuditRow[]> {
    return tx.sql<AuditRow>(`SELECT * FROM audit_logs WHERE ${WHERE} ORDER BY id DESC LIMIT $7 OFFSET $8`, [...params(tx, filter), limit, offset]);
  }

  async count(tx: Tx, filter: AuditFilter): Promise<number> {
    return (await tx.one<{ n: number }>(`SELECT count(*)::int AS n FROM audit_logs WHERE ${WHERE}`, params(tx, filter)))!.n;
  }

  /** Writes down an act that changes no row, such as taking data away: `action` is a verb, `facts` say how much of what. */
  async note(tx: Tx, kind: string, action: string, facts: Record<string, unknown>): Promise<void> {
    await tx.sql('SELECT audit_act($1, $2, $3)', [kind, action, JSON.stringify(facts)]);
  }

  /** Forgets what is older than each account keeps. */
  async forget(now: Date): Promise<void> {
    await this.system.sql('SELECT forget_audit_logs($1)', [now]);
  }
}

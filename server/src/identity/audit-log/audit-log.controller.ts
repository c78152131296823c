import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { AdministratorOnly, CurrentMember } from '../access/access.decorators.js';
import type { Member } from '../access/principal.js';
import { csvOf } from './audit-log.csv.js';
import { AuditFilter, AuditLogPage, AuditQuery, type AuditEntry } from './audit-log.dto.js';
import { AuditLog, AUDITS_PER_PAGE, type AuditRow } from './audit-log.repository.js';

const MOST_IN_A_FILE = 50_000;

/** Who changed what of the account. */
@Controller('api/v1/accounts/:account_id/audit_logs')
@AdministratorOnly()
export class AuditLogController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly log: AuditLog) {}

  @Get()
  @answers(AuditLogPage)
  list(@CurrentMember() me: Member, @Query({ schema: AuditQuery }) { page, ...filter }: AuditQuery): Promise<AuditLogPage> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({
      per_page: AUDITS_PER_PAGE, total_entries: await this.log.count(tx, filter), current_page: page,
      audit_logs: (await this.log.list(tx, filter, AUDITS_PER_PAGE, (page - 1) * AUDITS_PER_PAGE)).map(present),
    }));
  }

  /** The newest 50,000 lines of the same filter, as CSV. */
  @Get('download')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="audit-log.csv"')
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  download(@CurrentMember() me: Member, @Query({ schema: AuditFilter }) filter: AuditFilter): Promise<string> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const rows = await this.log.list(tx, filter, MOST_IN_A_FILE, 0);
      await this.log.note(tx, 'AuditLog', 'export', { lines: rows.length, ...filter });
      return csvOf(rows);
    });
  }
}

const present = (row: AuditRow): AuditEntry => ({
  id: row.id, auditable_id: row.auditable_id, auditable_type: row.auditable_type, auditable: row.auditable_name === null ? null : { name: row.auditable_name }, associated_id: row.associated_id,
  associated_type: row.associated_type, user_id: row.user_id, user_type: row.user_type, username: row.username, action: row.action, audited_changes: row.audited_changes, version: row.version, comment: null,
  request_uuid: row.request_uuid, created_at: Math.floor(row.created_at.getTime() / 1000), remote_address: row.remote_address,
});

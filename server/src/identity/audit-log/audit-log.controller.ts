import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { csvLine } from '../../platform/http/csv.js';
import { contentDisposition } from '../../platform/storage/file-name.js';
import { AdministratorOnly, CurrentMember, WantsFreshProof } from '../access/access.decorators.js';
import type { Member } from '../access/principal.js';
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
  @WantsFreshProof()
  @ApiProduces('text/csv')
  async download(@CurrentMember() me: Member, @Query({ schema: AuditFilter }) filter: AuditFilter, @Res() reply: FastifyReply): Promise<void> {
    const rows = await this.unitOfWork.run(me.accountId, async (tx) => {
      const found = await this.log.list(tx, filter, MOST_IN_A_FILE, 0);
      await this.log.note(tx, 'AuditLog', 'export', { lines: found.length, ...filter });
      return found;
    });
    // Spreadsheets take a file for Latin-1 unless it says otherwise.
    const lines = [`\ufeff${csvLine(HEAD)}`, ...rows.map(asLine)];
    void reply.headers({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': contentDisposition('attachment', 'audit-log.csv') }).send(lines.join(''));
  }
}

const HEAD = ['at', 'who', 'who_type', 'ip', 'action', 'what', 'id', 'name', 'changes', 'request'];
const asLine = (row: AuditRow): string => csvLine([
  row.created_at.toISOString(), row.username, row.user_type, row.remote_address, row.action, row.auditable_type, row.auditable_id, row.auditable_name, JSON.stringify(row.audited_changes), row.request_uuid,
]);

const present = (row: AuditRow): AuditEntry => ({
  id: row.id, auditable_id: row.auditable_id, auditable_type: row.auditable_type, auditable: row.auditable_name === null ? null : { name: row.auditable_name }, associated_id: row.associated_id,
  associated_type: row.associated_type, user_id: row.user_id, user_type: row.user_type, username: row.username, action: row.action, audited_changes: row.audited_changes, version: row.version, comment: null,
  request_uuid: row.request_uuid, created_at: Math.floor(row.created_at.getTime() / 1000), remote_address: row.remote_address,
});

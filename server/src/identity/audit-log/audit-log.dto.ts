import { z } from 'zod';
import { formInt, line, pageNumber } from '../../platform/http/schema-fields.js';

const second = formInt.pipe(z.int().min(0).max(32_503_680_000));
const filters = { user_id: formInt.optional(), auditable_type: line(64).optional(), action: line(32).optional(), since: second.optional(), until: second.optional() };
export const AuditFilter = z.object(filters);
export type AuditFilter = z.infer<typeof AuditFilter>;
export const AuditQuery = z.object({ ...filters, page: pageNumber.pipe(z.int().max(100_000)).default(1) });
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditEntry = z.object({
  id: z.int(), auditable_id: z.int().nullable(), auditable_type: z.string(), auditable: z.object({ name: z.string() }).nullable(), associated_id: z.int().nullable(), associated_type: z.string().nullable(),
  user_id: z.int().nullable(), user_type: z.string().nullable(), username: z.string().nullable(), action: z.string(), audited_changes: z.record(z.string(), z.unknown()), version: z.int(), comment: z.string().nullable(),
  request_uuid: z.string().nullable(), created_at: z.int(), remote_address: z.string().nullable(),
}).meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditLogPage = z.object({ per_page: z.int(), total_entries: z.int(), current_page: z.int(), audit_logs: z.array(AuditEntry) }).meta({ id: 'AuditLogPage' });
export type AuditLogPage = z.infer<typeof AuditLogPage>;

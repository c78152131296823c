import type { components } from '../../../api/generated';
import { accountPath, http, withQuery } from '../../../api/http';
import type { Id } from '../../../api/types';

export type AuditEntry = components['schemas']['AuditEntry'];
export type AuditPage = components['schemas']['AuditLogPage'];
export interface AuditFilter { user_id?: Id; auditable_type?: string; action?: string; since?: number; until?: number }

export const fetchAudits = (accountId: Id, filter: AuditFilter, page: number) => http.get<AuditPage>(accountPath(accountId, 'audit_logs'), { query: { ...filter, page } });
/** Where the browser gets the same lines as CSV. */
export const auditFileAddress = (accountId: Id, filter: AuditFilter) => withQuery(accountPath(accountId, 'audit_logs/download'), { ...filter });

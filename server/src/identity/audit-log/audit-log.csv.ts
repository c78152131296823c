import type { AuditRow } from './audit-log.repository.js';

const COLUMNS: [string, (row: AuditRow) => unknown][] = [
  ['at', (row) => row.created_at.toISOString()], ['who', (row) => row.username], ['who_type', (row) => row.user_type], ['ip', (row) => row.remote_address], ['action', (row) => row.action],
  ['what', (row) => row.auditable_type], ['id', (row) => row.auditable_id], ['name', (row) => row.auditable_name], ['changes', (row) => JSON.stringify(row.audited_changes)], ['request', (row) => row.request_uuid],
];

/** The lines as CSV that spreadsheets open without running anything that stands in it. */
export const csvOf = (rows: AuditRow[]): string => [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, value]) => value(row)))]
  .map((cells) => cells.map(cell).join(',')).join('\r\n') + '\r\n';

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  // A leading sign would be a formula.
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

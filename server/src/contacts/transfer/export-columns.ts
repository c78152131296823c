import type { ExportedContact } from './exports.repository.js';

const additional = (key: string) => (row: ExportedContact): unknown => row.additional_attributes?.[key];
const COLUMNS: [string, (row: ExportedContact) => unknown][] = [
  ['id', (row) => row.id], ['name', (row) => row.name], ['email', (row) => row.email], ['phone_number', (row) => row.phone_number], ['identifier', (row) => row.identifier],
  ['company_name', additional('company_name')], ['city', additional('city')], ['country', additional('country')], ['country_code', additional('country_code')],
  ['labels', (row) => row.labels?.join(', ')], ['blocked', (row) => row.blocked], ['created_at', (row) => row.created_at.toISOString()], ['last_activity_at', (row) => row.last_activity_at?.toISOString()],
];

/** Names of the columns; those of attributes the account has made itself come last. */
export const exportHeader = (attributes: readonly string[]): string[] => [...COLUMNS.map(([name]) => name), ...attributes];

/** One person as cells under that header. */
export function exportCells(row: ExportedContact, attributes: readonly string[]): string[] {
  return [...COLUMNS.map(([, value]) => value(row)), ...attributes.map((key) => row.custom_attributes?.[key])].map(cell);
}

const cell = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean));

import type { ExportedContact } from './exports.repository.js';
import { OF_ATTRIBUTES } from './import-columns.js';

const additional = (key: string) => (row: ExportedContact): unknown => row.additional_attributes?.[key];
const COLUMNS: [string, (row: ExportedContact) => unknown][] = [
  ['id', (row) => row.id], ['name', (row) => row.name], ['email', (row) => row.email], ['phone_number', (row) => row.phone_number], ['identifier', (row) => row.identifier],
  ['company_name', additional('company_name')], ['city', additional('city')], ['country', additional('country')], ['country_code', additional('country_code')],
  ['labels', (row) => row.labels?.join(', ')], ['blocked', (row) => row.blocked], ['created_at', (row) => row.created_at.toISOString()], ['last_activity_at', (row) => row.last_activity_at?.toISOString()],
];

export interface ExportColumn { name: string; value: (row: ExportedContact) => unknown }

/** Columns of a file: all, those of attributes the account has made itself last, or the ones that are wanted, in that order. What nobody has is not among them. */
export function exportColumns(attributes: readonly string[], wanted: readonly string[] | null): ExportColumn[] {
  const taken = new Set(COLUMNS.map(([name]) => name));
  const all = new Map<string, ExportColumn>(COLUMNS.map(([name, value]) => [name, { name, value }]));
  for (const key of attributes) {
    const column = { name: taken.has(key) ? OF_ATTRIBUTES + key : key, value: (row: ExportedContact): unknown => row.custom_attributes?.[key] };
    all.set(column.name, column);
  }
  if (!wanted) return [...all.values()];
  // An attribute may always be called by its full name.
  return [...new Set(wanted.map((name) => all.get(name) ?? all.get(name.replace(OF_ATTRIBUTES, ''))))].flatMap((column) => column ?? []);
}

/** One person as cells of these columns. */
export const exportCells = (row: ExportedContact, columns: readonly ExportColumn[]): string[] => columns.map(({ value }) => cell(value(row)));

const cell = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean));

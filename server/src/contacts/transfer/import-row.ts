import { z } from 'zod';
import { LabelTitles } from '../../inboxes/label.dto.js';
import { CreateContact } from '../contact.dto.js';
import { unguarded } from './csv-writer.js';
import type { Column } from './import-columns.js';

/** A person as a row of a file says; what it leaves empty is not said. */
export interface ImportedPerson { contact: CreateContact; labels: string[] }
/** Why a row was not taken. */
export class RejectedRow extends Error {}

/** Reads a row. Throws RejectedRow with a sentence for whoever made the file. */
export function personOf(columns: readonly Column[], cells: readonly string[]): ImportedPerson {
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) throw new RejectedRow(`has more cells than the ${columns.length} columns`);
  const fields: Record<string, string> = {};
  const attributes: Record<'additional' | 'custom', Record<string, string>> = { additional: {}, custom: {} };
  const labels: string[] = [];
  columns.forEach((column, i) => {
    const value = unguarded(cells[i] ?? '').trim();
    if (value === '') return;
    if (column.fills === 'field') fill(fields, column.key, value);
    else if (column.fills === 'labels') labels.push(...value.split(/[,;|]/).map((title) => title.trim()).filter(Boolean));
    else if (column.fills !== 'nothing') fill(attributes[column.fills], column.key, value);
  });
  const { first_name, last_name, phone_number, ...rest } = fields;
  const name = rest['name'] ?? [first_name, last_name].filter(Boolean).join(' ');
  if (!rest['email'] && !phone_number && !rest['identifier']) throw new RejectedRow('has no email, phone number or identifier');
  const contact = checked(CreateContact, {
    ...rest, ...(name && { name }), ...(phone_number && { phone_number: international(phone_number) }),
    ...(Object.keys(attributes.additional).length > 0 && { additional_attributes: attributes.additional }), ...(Object.keys(attributes.custom).length > 0 && { custom_attributes: attributes.custom }),
  }) as CreateContact;
  return { contact, labels: [...new Set((checked(LabelTitles, { labels }) as z.infer<typeof LabelTitles>).labels)] };
}

/** Address books write several columns of one name: the one that says something counts, and nothing is thrown away when two say different things. */
function fill(target: Record<string, string>, key: string, value: string): void {
  const said = target[key];
  if (said !== undefined && said.toLowerCase() !== value.toLowerCase()) throw new RejectedRow(`has two columns for ${key}, with different values`);
  target[key] ??= value;
}

/** Spreadsheet programs take the + away, people write spaces and dashes. */
function international(given: string): string {
  const bare = given.replace(/[\s().\-/]/g, '').replace(/^00/, '+');
  return /^[1-9]\d{6,14}$/.test(bare) ? `+${bare}` : bare;
}

function checked(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RejectedRow(`${issue!.path.join('.')} ${issue!.message}`.trim());
}

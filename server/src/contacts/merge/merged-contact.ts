import type { ContactRow } from '../contacts.repository.js';
import type { MergedContact } from './merge.repository.js';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** What two people are together. What the one who stays has holds; the other only fills its gaps. */
export function mergedContact(base: ContactRow, mergee: ContactRow): MergedContact {
  return {
    name: base.name || mergee.name, email: base.email ?? mergee.email, phone_number: base.phone_number ?? mergee.phone_number, identifier: base.identifier ?? mergee.identifier,
    avatar_key: base.avatar_key ?? mergee.avatar_key, label_ids: [...new Set([...base.label_ids, ...mergee.label_ids])],
    additional_attributes: filled(base.additional_attributes, mergee.additional_attributes), custom_attributes: filled(base.custom_attributes, mergee.custom_attributes),
    last_activity_at: later(base.last_activity_at, mergee.last_activity_at),
  };
}

function filled(base: Json | null, mergee: Json | null): Json {
  const result: Json = { ...mergee };
  for (const [key, value] of Object.entries(base ?? {})) {
    const other = result[key];
    if (isObject(value) && isObject(other)) result[key] = filled(value, other);
    else if (!isBlank(value) || isBlank(other)) result[key] = value;
  }
  return result;
}

const later = (a: Date | null, b: Date | null): Date | null => (!a ? b : !b || a > b ? a : b);

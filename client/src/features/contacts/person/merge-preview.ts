import type { Contact } from '../../../api/types';

/** One line of what a merged person has: what is kept, and what is lost because the other has something else there. */
export interface MergeLine { key: string; kept: string; lost: string | null }

const FIELDS = ['name', 'email', 'phone_number', 'identifier'] as const;
const textOf = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean));

function line(key: string, base: unknown, mergee: unknown): MergeLine[] {
  const [own, other] = [textOf(base), textOf(mergee)];
  if (!own && !other) return [];
  return [{ key, kept: own || other, lost: own && other && own !== other ? other : null }];
}

/** What becomes of two people, as the server does it: the one who stays keeps what it has, the other fills its gaps. */
export function mergePreview(stays: Contact, goes: Contact): { fields: MergeLine[]; attributes: MergeLine[] } {
  const keys = (of: 'additional_attributes' | 'custom_attributes') => [...new Set([...Object.keys(stays[of]), ...Object.keys(goes[of])])];
  const lines = (of: 'additional_attributes' | 'custom_attributes', only?: readonly string[]) => keys(of).filter((key) => !only || only.includes(key)).flatMap((key) => line(key, stays[of][key], goes[of][key]));
  return { fields: [...FIELDS.flatMap((key) => line(key, stays[key], goes[key])), ...lines('additional_attributes', ['company_name', 'city', 'country'])], attributes: lines('custom_attributes') };
}

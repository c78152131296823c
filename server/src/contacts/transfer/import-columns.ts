import type { AttributeRow } from '../attributes/attributes.repository.js';
import { unprocessable } from '../../platform/http/problem.js';
import { unguarded } from './csv-writer.js';

/** What a column of a file fills. */
export type Column = { fills: 'field'; key: 'name' | 'first_name' | 'last_name' | 'email' | 'phone_number' | 'identifier' } | { fills: 'additional' | 'custom'; key: string } | { fills: 'labels' } | { fills: 'nothing' };

const FIELDS = {
  name: ['name', 'full_name', 'contact_name'], first_name: ['first_name', 'given_name'], last_name: ['last_name', 'surname', 'family_name'], email: ['email', 'e_mail', 'mail', 'email_address'],
  phone_number: ['phone_number', 'phone', 'telephone', 'mobile', 'mobile_phone'], identifier: ['identifier', 'external_id'],
} as const;
const ADDITIONAL: Record<string, string> = { company: 'company_name', company_name: 'company_name', city: 'city', country: 'country', country_code: 'country_code', bio: 'description', description: 'description' };
const LABELS = ['labels', 'label', 'tags'];
/** What files of our own making say besides. */
const OURS = ['id', 'created_at', 'last_activity_at', 'blocked', 'rejected_because'];
/** Stands before the name of an attribute that is called like one of our own columns. */
export const OF_ATTRIBUTES = 'custom_attributes.';
const KEYS = ['email', 'phone_number', 'identifier'];

const plain = (name: string): string => unguarded(name).trim().toLowerCase().replace(/[\s\-./]+/g, '_').replace(/[^\p{L}\p{N}_]/gu, '').slice(0, 100);

/** What the columns of this header fill; several may fill the same. What is neither known nor defined becomes an attribute of that name. Throws Problem `unprocessable`. */
export function columnsOf(header: readonly string[], defined: readonly AttributeRow[]): Column[] {
  const columns = header.map((name): Column => {
    const own = unguarded(name).trim().startsWith(OF_ATTRIBUTES) ? unguarded(name).trim().slice(OF_ATTRIBUTES.length) : '';
    if (own !== '') return { fills: 'custom', key: own.slice(0, 100) };
    const key = plain(name);
    if (key === '' || OURS.includes(key)) return { fills: 'nothing' };
    const field = Object.entries(FIELDS).find(([, names]) => (names as readonly string[]).includes(key));
    if (field) return { fills: 'field', key: field[0] as keyof typeof FIELDS };
    if (LABELS.includes(key)) return { fills: 'labels' };
    const attribute = defined.find((row) => row.key === key || row.key === name.trim() || row.display_name.toLowerCase() === name.trim().toLowerCase());
    if (attribute) return { fills: 'custom', key: attribute.key };
    return Object.hasOwn(ADDITIONAL, key) ? { fills: 'additional', key: ADDITIONAL[key]! } : { fills: 'custom', key };
  });
  if (!columns.some((column) => column.fills === 'field' && KEYS.includes(column.key))) {
    throw unprocessable('The first row must name the columns, and one of them must be email, phone_number or identifier.');
  }
  return columns;
}

import type { components } from '../../api/generated';
import { accountPath, http } from '../../api/http';
import type { Condition } from '../../api/tools';
import type { Contact, Id } from '../../api/types';

type Schemas = components['schemas'];
export type Note = Schemas['ContactNote'];
export type Import = Schemas['ContactImport'];
export type Export = Schemas['ContactExport'];
interface Wrapped<T> { payload: T }
const unwrap = <T>(answer: Wrapped<T>): T => answer.payload;

export const SORTS = ['-last_activity_at', 'last_activity_at', 'name', '-name', 'email', '-created_at', 'created_at'] as const;
export type Sort = (typeof SORTS)[number];
export interface ContactQuery { q: string; sort: Sort; label: string | null; filter: Condition[] | null }
/** Where the next page begins: a cursor of the list, or the number of a page of search results. */
export interface ContactPage { rows: Contact[]; next: string | null; count: number | null }

interface Listed extends Wrapped<Contact[]> { meta: { count: number; next_cursor: string | null } }
interface Found extends Wrapped<Contact[]> { meta: { has_more: boolean } }

/** One page of the people whom a query lets through. A search of everybody knows no count; it also finds those who left no address. */
export async function fetchContactPage(account: Id, query: ContactQuery, next: string | null, signal?: AbortSignal): Promise<ContactPage> {
  const q = query.q.trim();
  if (q && !query.filter && query.label === null) {
    const page = Number(next ?? 1);
    const found = await http.get<Found>(accountPath(account, 'contacts/search'), { query: { q, sort: query.sort, page, include_contact_inboxes: false }, signal });
    return { rows: found.payload, next: found.meta.has_more ? String(page + 1) : null, count: null };
  }
  const options = { query: { q: q || undefined, sort: query.sort, cursor: next, labels: query.label === null ? undefined : [query.label], include_contact_inboxes: false }, signal };
  const listed = query.filter ? await http.post<Listed>(accountPath(account, 'contacts/filter'), { payload: query.filter }, options) : await http.get<Listed>(accountPath(account, 'contacts'), options);
  return { rows: listed.payload, next: listed.meta.next_cursor, count: listed.meta.count };
}

const path = (account: Id, id: Id, rest = ''): string => accountPath(account, `contacts/${id}${rest && `/${rest}`}`);
export type ContactChanges = Partial<Pick<Contact, 'name' | 'email' | 'phone_number' | 'identifier' | 'blocked' | 'custom_attributes' | 'additional_attributes'>>;
export const createContact = (account: Id, contact: ContactChanges) => http.post<Wrapped<{ contact: Contact }>>(accountPath(account, 'contacts'), contact).then(({ payload }) => payload.contact);
export const fetchPerson = (account: Id, id: Id) => http.get<Wrapped<Contact>>(path(account, id)).then(unwrap);
export const changeContact = (account: Id, id: Id, changes: ContactChanges) => http.patch<Wrapped<Contact>>(path(account, id), changes).then(unwrap);
/** Takes attributes of the account's own making away. */
export const removeAttributes = (account: Id, id: Id, names: string[]) => http.post<Wrapped<Contact>>(path(account, id, 'destroy_custom_attributes'), { custom_attributes: names }).then(unwrap);
export const deleteContact = (account: Id, id: Id) => http.delete(path(account, id));
export const setContactLabels = (account: Id, id: Id, labels: string[]) => http.post<Wrapped<string[]>>(path(account, id, 'labels'), { labels }).then(unwrap);
export const labelContacts = (account: Id, ids: Id[], labels: { add: string[] } | { remove: string[] }) => http.post<{ changed: number }>(accountPath(account, 'contacts/bulk_labels'), { ids, ...labels });
export const mergeContacts = (account: Id, base: Id, mergee: Id) => http.post<Contact>(accountPath(account, 'actions/contact_merge'), { base_contact_id: base, mergee_contact_id: mergee });
export function uploadContactPhoto(account: Id, id: Id, file: File): Promise<Contact> {
  const form = new FormData();
  form.append('avatar', file);
  return http.patch<Wrapped<Contact>>(path(account, id), form).then(unwrap);
}
export const removeContactPhoto = (account: Id, id: Id) => http.delete<Wrapped<Contact>>(path(account, id, 'avatar')).then(unwrap);
/** Where all that is kept about a person can be saved from. */
export const personalDataAddress = (account: Id, id: Id): string => path(account, id, 'personal_data');

export const fetchNotes = (account: Id, id: Id) => http.get<Note[]>(path(account, id, 'notes'));
export const addNote = (account: Id, id: Id, content: string) => http.post<Note>(path(account, id, 'notes'), { content });
export const changeNote = (account: Id, id: Id, note: Id, content: string) => http.patch<Note>(path(account, id, `notes/${note}`), { content });
export const removeNote = (account: Id, id: Id, note: Id) => http.delete(path(account, id, `notes/${note}`));

/** Sends a file of people; refused at once when it cannot be read. */
export function startImport(account: Id, file: File, onProgress: (percent: number) => void, signal: AbortSignal): Promise<Import> {
  const form = new FormData();
  form.append('import_file', file, file.name);
  return http.upload<Wrapped<Import>>('POST', accountPath(account, 'contacts/import'), form, { onProgress, signal }).then(unwrap);
}
export const fetchImport = (account: Id, id: Id) => http.get<Wrapped<Import>>(accountPath(account, `contacts/imports/${id}`)).then(unwrap);
export const fetchImports = (account: Id) => http.get<Wrapped<Import[]>>(accountPath(account, 'contacts/imports')).then(unwrap);
export const rejectedAddress = (account: Id, id: Id): string => accountPath(account, `contacts/imports/${id}/rejected`);
export const startExport = (account: Id, whom: { payload?: Condition[]; label?: string }) => http.post<Wrapped<Export>>(accountPath(account, 'contacts/export'), whom).then(unwrap);
export const fetchExport = (account: Id, id: Id) => http.get<Wrapped<Export>>(accountPath(account, `contacts/exports/${id}`)).then(unwrap);

/** A filter that somebody keeps for themselves. */
export interface SavedFilter { id: Id; name: string; query: { payload?: Condition[] } }
export const fetchSavedFilters = (account: Id) => http.get<SavedFilter[]>(accountPath(account, 'custom_filters'), { query: { filter_type: 'contact' } });
export const saveFilter = (account: Id, name: string, payload: Condition[]) => http.post<SavedFilter>(accountPath(account, 'custom_filters'), { name, type: 'contact', filter_type: 'contact', query: { payload } });
export const removeFilter = (account: Id, id: Id) => http.delete(accountPath(account, `custom_filters/${id}`));

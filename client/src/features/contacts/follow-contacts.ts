import { User, UserPlus } from '@lucide/vue';
import { i18n, loadMessages } from '../../app/i18n';
import { commandLists, commandSearches, type CommandList, type CommandSearch } from '../../app/palette/commands';
import { router } from '../../app/router';
import { useRealtime } from '../../realtime/realtime.store';
import { personName } from '../conversations/person-name';
import { useContactList } from './contact-list.store';
import { fetchContactPage } from './contacts.api';

const SHOWN = 6;

/** Makes the account's people findable in the palette, and keeps the list of them up to date, until the returned function is called. */
export function followContacts(accountId: number): () => void {
  const { t } = i18n.global;
  void loadMessages(['contacts']);
  const search: CommandSearch = async (query, signal) => {
    const { rows } = await fetchContactPage(accountId, { q: query, sort: '-last_activity_at', label: null, filter: null }, null, signal);
    return rows.slice(0, SHOWN).map((person) => ({
      id: `person-${person.id}`, title: personName(person, t('contacts.unknown')), detail: person.email ?? person.phone_number ?? undefined, group: t('nav.contacts'), icon: User,
      run: () => void router.push({ name: 'contact', params: { accountId, contactId: person.id } }),
    }));
  };
  const acts: CommandList = () => [
    { id: 'contact-new', title: t('contacts.new'), group: t('nav.contacts'), icon: UserPlus, run: () => void router.push({ name: 'contacts', params: { accountId }, query: { new: '1' } }) },
  ];
  commandSearches.add(search);
  commandLists.add(acts);
  const list = useContactList();
  const leave = useRealtime().listen(list);
  return () => {
    commandSearches.delete(search);
    commandLists.delete(acts);
    leave();
    list.close();
  };
}

import { call, median, now, tokenOf } from './rig.mjs';

const line = (attribute_key, filter_operator, values = []) => ({ attribute_key, filter_operator, values });
const daysAgo = (n) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10);
const all = (...lines) => lines.map((one) => ({ ...one, query_operator: 'and' }));
const any = (...lines) => lines.map((one) => ({ ...one, query_operator: 'or' }));

/** What people filter by, on the large account: with the first page go the counts on the tabs. */
const typical = ({ base }) => ({
  'status and inbox': all(line('status', 'equal_to', ['open']), line('inbox_id', 'equal_to', [base + 1])),
  'a label': all(line('labels', 'equal_to', ['label-3'])), 'a label, open': all(line('status', 'equal_to', ['open']), line('labels', 'equal_to', ['label-3'])),
  'assignee and priority': all(line('assignee_id', 'equal_to', [base + 2]), line('priority', 'equal_to', ['high'])),
  'a custom attribute': all(line('town', 'equal_to', ['Oslo'])), 'a rare custom attribute': all(line('town', 'equal_to', ['Longyearbyen'])),
  'a custom number, at least': all(line('household', 'is_greater_than', ['6'])), 'a page they wrote from': all(line('referer', 'contains', ['/help/2'])),
  'began before': all(line('created_at', 'is_less_than', [daysAgo(700)])), 'began more than 90 days ago, open': all(line('status', 'equal_to', ['open']), line('created_at', 'days_before', ['90'])),
  'one contact': all(line('contact_id', 'equal_to', [base + 77])), 'a number': all(line('display_id', 'equal_to', [4711])),
  'open, or urgent, or labelled': any(line('status', 'equal_to', ['open']), line('priority', 'equal_to', ['high']), line('labels', 'equal_to', ['label-3'])),
  'one inbox and unassigned, or one label': [...all(line('inbox_id', 'equal_to', [base + 2])), ...any(line('assignee_id', 'is_not_present')), line('labels', 'equal_to', ['label-5'])],
  'nobody and no label': all(line('assignee_id', 'is_not_present'), line('labels', 'is_not_present')),
  'a label and part of a subject': all(line('labels', 'equal_to', ['label-3']), line('mail_subject', 'contains', ['parcel'])),
  'a custom number, began lately': all(line('household', 'is_greater_than', ['6']), line('created_at', 'is_greater_than', [daysAgo(30)])),
});
/** Texts of which there are one in 20,000, and some that nobody has. */
const rare = {
  referer: ['autumn-appeal', 'https://foodbank.example/autumn-appeal'], browser_language: ['se', 'se'], mail_subject: ['bequest', 'a bequest'], campaign_id: ['99', '99'], conversation_language: ['fi', 'fi'],
  town: ['yearb', 'Longyearbyen'],
};
const rareTexts = () => Object.fromEntries(Object.entries(rare).flatMap(([key, [part, whole]]) => [
  [`a rare ${key}`, all(line(key, 'equal_to', [whole]))], [`a rare ${key}, resolved`, all(line('status', 'equal_to', ['resolved']), line(key, 'equal_to', [whole]))], [`a rare ${key} begins with`, all(line(key, 'starts_with', [whole.slice(0, -1)]))],
  [`a rare ${key} contains`, all(line(key, 'contains', [part]))], [`no ${key} contains`, all(line(key, 'contains', ['zzzz']))], [`a ${key} that is none`, all(line(key, 'equal_to', ['zzzz']))],
]));
const rareOthers = ({ base }) => ({
  'a rare priority': all(line('priority', 'equal_to', ['urgent'])), 'a rare team': all(line('team_id', 'equal_to', [base / 100_000 + 5])), 'a rare label': all(line('labels', 'equal_to', ['label-9'])),
  'a rare number': all(line('household', 'is_greater_than', ['20'])), 'digits of a number': all(line('display_id', 'contains', ['4711'])), 'a rare tick': all(line('agreed', 'equal_to', ['true'])),
  'one rare thing or another': any(line('labels', 'equal_to', ['label-9']), line('town', 'equal_to', ['Longyearbyen']), line('referer', 'contains', ['autumn'])),
});
/** Page 40, as Chatwoot's clients ask for it. */
const deep = ({ base }) => ({
  'a label': all(line('labels', 'equal_to', ['label-3'])), 'a label, resolved': all(line('labels', 'equal_to', ['label-3']), line('status', 'equal_to', ['resolved'])), 'a town': all(line('town', 'equal_to', ['Oslo'])),
  'a language': all(line('browser_language', 'equal_to', ['de'])), 'a page they wrote from': all(line('referer', 'contains', ['/help/2'])), 'a priority': all(line('priority', 'equal_to', ['high'])),
  'a number, at least': all(line('household', 'is_greater_than', ['6'])), 'nobody and no label': all(line('assignee_id', 'is_not_present'), line('labels', 'is_not_present')), 'one assignee': all(line('assignee_id', 'equal_to', [base + 2])),
});
/** The same for people. */
const people = () => ({
  'a name': all(line('name', 'equal_to', ['Person 123456'])), 'part of a name': all(line('name', 'contains', ['123456'])), 'no such name': all(line('name', 'contains', ['zzzz'])), 'an address': all(line('email', 'equal_to', ['p99@2.example'])),
  'part of an address': all(line('email', 'contains', ['p123456'])), 'a phone number': all(line('phone_number', 'equal_to', ['+4740000006'])), 'an identifier': all(line('identifier', 'equal_to', ['member-44'])),
  'a rare city': all(line('city', 'equal_to', ['Ny-Ålesund'])), 'a rare country': all(line('country_code', 'equal_to', ['SJ'])), 'part of a rare company': all(line('company_name', 'contains', ['polar'])),
  'a rare attribute': all(line('allergy', 'equal_to', ['Lupin'])), 'no such attribute': all(line('allergy', 'equal_to', ['zzzz'])), 'a rare label': all(line('labels', 'equal_to', ['label-9'])), 'those blocked': all(line('blocked', 'equal_to', ['true'])),
  'known for long': all(line('created_at', 'is_less_than', [daysAgo(1200)])), 'a rare city or label': any(line('city', 'equal_to', ['Ny-Ålesund']), line('labels', 'equal_to', ['label-9'])),
});

/** Filters of conversations and people against the plain lists of the same account and the same page, taken in turn. */
export async function benchFilters({ server, owner, report, large }) {
  const token = await tokenOf(owner, large.administratorId);
  const account = `/api/v1/accounts/${large.accountId}`;
  for (const [key, type, model] of [['town', 0, 0], ['household', 1, 0], ['due', 5, 0], ['agreed', 7, 0], ['allergy', 0, 1]]) {
    await call(server, token, 'POST', `${account}/custom_attribute_definitions`, { attribute_key: key, attribute_display_name: key, attribute_display_type: type, attribute_model: model });
  }
  const compare = async (filters, list, filter, runs, mayBeEmpty = () => false) => {
    for (const [name, payload] of Object.entries(filters)) {
      const filtered = () => call(server, token, 'POST', `${account}/${filter}`, { payload });
      const { meta, payload: found } = await filtered();
      if (found.length === 0 && !mayBeEmpty(name)) throw new Error(`The filter "${name}" finds nothing.`);
      report.figure(`${name} (${meta.all_count ?? meta.count} found)`, await ratio(() => call(server, token, 'GET', `${account}/${list}`), filtered, runs), 'ratio', { atMost: 3 });
    }
  };
  report.title('Filters over the large account, against its plain list');
  await compare(typical(large), 'conversations?status=all&assignee_type=all', 'conversations/filter', 15);
  report.title('What is rare, and what is not there');
  await compare({ ...rareTexts(), ...rareOthers(large) }, 'conversations?status=all&assignee_type=all', 'conversations/filter', 9, (name) => /^no |none$|resolved$/.test(name));
  report.title('Page 40, against page 40 of the plain list');
  await compare(deep(large), 'conversations?status=all&assignee_type=all&page=40', 'conversations/filter?page=40', 9);
  report.title('Filters of people, against the plain list of people');
  await compare(people(), 'contacts', 'contacts/filter', 9, (name) => /^no |^known/.test(name));
}

/** Median of the second over median of the first, taken in turn so that a slow moment of the machine hits both. */
async function ratio(plain, filtered, runs) {
  const [lists, found] = [[], []];
  const timed = async (work, times) => {
    const started = now();
    await work();
    times.push(now() - started);
  };
  for (let i = 0; i < runs; i++) { await timed(plain, lists); await timed(filtered, found); }
  return median(found) / median(lists);
}

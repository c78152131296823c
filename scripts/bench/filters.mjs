import { call, median, now, tokenOf } from './rig.mjs';

/** What people filter by, on the large account: with the first page go the counts on the tabs. */
const typical = ({ base }) => {
  const line = (attribute_key, filter_operator, values = []) => ({ attribute_key, filter_operator, values });
  const daysAgo = (n) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10);
  const all = (...lines) => lines.map((one) => ({ ...one, query_operator: 'and' }));
  const any = (...lines) => lines.map((one) => ({ ...one, query_operator: 'or' }));
  return {
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
  };
};

/** Filters of conversations against the plain list of the same account, taken in turn. */
export async function benchFilters({ server, owner, report, large }) {
  report.title('Filters over the large account, against its plain list');
  const token = await tokenOf(owner, large.administratorId);
  for (const [key, type] of [['town', 0], ['household', 1]]) {
    await call(server, token, 'POST', `/api/v1/accounts/${large.accountId}/custom_attribute_definitions`, { attribute_key: key, attribute_display_name: key, attribute_display_type: type, attribute_model: 0 });
  }
  const timed = async (work) => {
    const started = now();
    await work();
    return now() - started;
  };
  const plain = () => call(server, token, 'GET', `/api/v1/accounts/${large.accountId}/conversations?status=all&assignee_type=all`);
  for (const [name, payload] of Object.entries(typical(large))) {
    const filtered = () => call(server, token, 'POST', `/api/v1/accounts/${large.accountId}/conversations/filter`, { payload });
    const answer = await filtered();
    if (answer.payload.length === 0) throw new Error(`The filter "${name}" finds nothing.`);
    const [lists, found] = [[], []];
    for (let i = 0; i < 15; i++) { lists.push(await timed(plain)); found.push(await timed(filtered)); }
    report.figure(`${name} (${answer.meta.all_count} found)`, median(found) / median(lists), 'ratio', { atMost: 3 });
  }
}

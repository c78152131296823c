import { call, median, now, tokenOf } from './rig.mjs';

const DAY = 86_400;

/** Every kind of report over a year of the large account. */
export async function benchReports({ server, owner, report, large }) {
  report.title('Reports over a year, large account');
  const token = await tokenOf(owner, large.administratorId);
  const until = Math.floor(Date.now() / 1000);
  // Neither edge is a day's, so that the parts of days count too.
  const year = `since=${until - 365 * DAY}&until=${until}`;
  const half = `since=${until - 180 * DAY}&until=${until}`;
  const requests = {
    'summary, with the year before': `reports/summary?type=account&${year}`, 'new conversations by day': `reports?metric=conversations_count&type=account&${year}`,
    'time to first answer by hour': `reports?metric=avg_first_response_time&type=account&group_by=hour&timezone_offset=5.75&${year}`,
    'of the largest inbox, by week': `reports?metric=resolutions_count&type=inbox&id=${large.inboxId}&group_by=week&${year}`,
    'all agents': `summary_reports/agent?${year}`, 'all inboxes': `summary_reports/inbox?${year}`, 'all labels': `summary_reports/label?${year}`, 'channels, half a year': `summary_reports/channel?${half}`,
    'distribution of first answers': `reports/first_response_time_distribution?${year}`, 'inboxes by labels': `reports/inbox_label_matrix?${year}`, 'messages sent, by agent': `reports/outgoing_messages_count?group_by=agent&${year}`,
    'how things stand': 'reports/conversations?type=account', 'how agents stand': 'reports/conversations?type=agent',
  };
  for (const [name, query] of Object.entries(requests)) {
    const times = [];
    for (let i = 0; i < 5; i++) {
      const started = now();
      const answer = await call(server, token, 'GET', `/api/v2/accounts/${large.accountId}/${query}`);
      times.push(now() - started);
      if (answer === undefined || answer.length === 0) throw new Error(`Nothing came back (${query}).`);
    }
    report.figure(name, median(times), 'ms', { atMost: 1000 });
  }
}

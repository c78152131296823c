import { call, median, now, tokenOf } from './rig.mjs';

const page = 25;

/** The list over HTTP in a small and a large account: the first page, and the 500th reached by cursor. */
export async function benchList({ server, owner, report, small, large }) {
  report.title('Conversation list, large account against small');
  const [s, l] = await Promise.all([small, large].map(async (a) => ({ ...a, token: await tokenOf(owner, a.administratorId) })));
  for (const status of ['open', 'all']) {
    const first = (a) => timed(server, a, `status=${status}&assignee_type=all`);
    report.figure(`first page, ${status}`, await ratio(() => first(l), () => first(s)), 'ratio', { atMost: 1.5 });
  }
  const [deepSmall, deepLarge] = [await walk(server, s, 500), await walk(server, l, 500)];
  const deep = (a, d) => timed(server, a, `status=all&assignee_type=all&cursor=${encodeURIComponent(d.cursor)}`);
  report.figure(`page ${deepLarge.page} of the large, page ${deepSmall.page} of the small`, await ratio(() => deep(l, deepLarge), () => deep(s, deepSmall)), 'ratio', { atMost: 1.5 });
  const times = [];
  for (let i = 0; i < 100; i++) times.push(await timed(server, l, 'status=open&assignee_type=all'));
  report.figure('first page of the large, over HTTP', median(times), 'ms');
}

async function timed(server, account, query) {
  const started = now();
  const { data } = await call(server, account.token, 'GET', `/api/v1/accounts/${account.accountId}/conversations?${query}`);
  if (data.payload.length !== page) throw new Error(`Expected a full page, got ${data.payload.length} (${query}).`);
  return now() - started;
}

/** Follows the cursor to the page, or to the last full one before it. */
async function walk(server, account, target) {
  let cursor;
  for (let n = 1; n < target; n++) {
    const { data } = await call(server, account.token, 'GET', `/api/v1/accounts/${account.accountId}/conversations?status=all&assignee_type=all${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    const next = data.meta.next_cursor;
    if (!next || n === account.pages - 1) return { cursor: cursor ?? next, page: n };
    cursor = next;
  }
  return { cursor, page: target };
}

/** Median of a over median of b, taken in turn so that a slow moment of the machine hits both. */
async function ratio(a, b, runs = 60) {
  const [as, bs] = [[], []];
  for (let i = 0; i < 5; i++) { await a(); await b(); }
  for (let i = 0; i < runs; i++) { as.push(await a()); bs.push(await b()); }
  return median(as) / median(bs);
}

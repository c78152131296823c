import { openVisitor } from './realtime.mjs';
import { withRecorder } from './recording.mjs';
import { call, tokenOf } from './rig.mjs';

/** Statements of the requests made most often, transaction brackets included. `BENCH_SHOW=1` shows them. */
export async function benchStatements({ server, database, owner, report, small }) {
  report.title('Statements per request (with BEGIN and COMMIT)');
  await withRecorder({ server, database }, async (record) => {
    const token = await tokenOf(owner, small.administratorId);
    const list = `/api/v1/accounts/${small.accountId}/conversations`;
    const { data } = await call(server, token, 'GET', `${list}?status=open&assignee_type=all`);
    const id = data.payload[0].id;
    const visitor = await openVisitor(server, owner, small);
    const requests = {
      'list, first page': [() => call(server, token, 'GET', `${list}?status=open&assignee_type=all`), 8],
      'thread, last 20': [() => call(server, token, 'GET', `${list}/${id}/messages`), 6],
      'reply': [() => call(server, token, 'POST', `${list}/${id}/messages`, { content: 'On Tuesday.' }), 9],
      'visitor writes': [() => visitor.post('And on Friday?'), 14],
    };
    for (const [name, [request, atMost]] of Object.entries(requests)) {
      await request(); // what is cached after the first time does not count
      const statements = await record(request);
      report.figure(name, statements.length, 'statements', { atMost });
      if (process.env.BENCH_SHOW) for (const { text } of statements) process.stdout.write(`      ${text.replace(/\s+/g, ' ').slice(0, 150)}\n`);
    }
  });
}

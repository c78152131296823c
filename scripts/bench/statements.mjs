import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRepository } from '../lib/repository.mjs';
import { call, startServer, tokenOf } from './rig.mjs';
import { openVisitor } from './realtime.mjs';

/** Statements of the requests made most often, transaction brackets included. */
export async function benchStatements({ database, owner, report, small }) {
  report.title('Statements per request (with BEGIN and COMMIT)');
  const file = path.join(database.folder, 'statements.jsonl');
  const recorder = pathToFileURL(inRepository('scripts/bench/record-statements.mjs'));
  const server = await startServer(database, { NODE_OPTIONS: `--import ${recorder}`, BENCH_STATEMENTS: file, PROCESS_ROLES: 'api,realtime' });
  const token = await tokenOf(owner, small.administratorId);
  const list = `/api/v1/accounts/${small.accountId}/conversations`;
  const { data } = await call(server, token, 'GET', `${list}?status=open&assignee_type=all`);
  const id = data.payload[0].id;
  const visitor = await openVisitor(server, owner, small);
  const requests = {
    'list, first page': [() => call(server, token, 'GET', `${list}?status=open&assignee_type=all`), 12],
    'thread, last 20': [() => call(server, token, 'GET', `${list}/${id}/messages`), 9],
    'reply': [() => call(server, token, 'POST', `${list}/${id}/messages`, { content: 'On Tuesday.' }), 12],
    'visitor writes': [() => visitor.post('And on Friday?'), 20],
  };
  for (const [name, [request, atMost]] of Object.entries(requests)) {
    await request(); // what is cached after the first time does not count
    fs.writeFileSync(file, '');
    fs.writeFileSync(`${file}.on`, '');
    await request();
    fs.rmSync(`${file}.on`);
    const texts = fs.readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)).map((s) => s.text);
    report.figure(name, texts.length, 'statements', { atMost });
    if (process.env.BENCH_SHOW) for (const text of texts) process.stdout.write(`      ${text.replace(/\s+/g, ' ').slice(0, 150)}\n`);
  }
  await server.stop();
}

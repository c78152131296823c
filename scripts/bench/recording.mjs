import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRepository } from '../lib/repository.mjs';
import { startServer } from './rig.mjs';

/** A server whose request statements can be recorded. `prepare` gets it and answers the request to record, or several one after another. */
export async function withRecorder(database, use) {
  const file = path.join(database.folder, 'statements.jsonl');
  const recorder = pathToFileURL(inRepository('scripts/bench/record-statements.mjs'));
  const server = await startServer(database, { NODE_OPTIONS: `--import ${recorder}`, BENCH_STATEMENTS: file, PROCESS_ROLES: 'api,realtime' });
  const record = async (request) => {
    fs.writeFileSync(file, '');
    fs.writeFileSync(`${file}.on`, '');
    await request();
    fs.rmSync(`${file}.on`);
    return fs.readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  };
  try {
    return await use(server, record);
  } finally {
    await server.stop();
  }
}

/** The statements of one request. */
export const recordStatements = (database, prepare) => withRecorder(database, async (server, record) => record(await prepare(server)));

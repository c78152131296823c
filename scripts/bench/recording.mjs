import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRepository } from '../lib/repository.mjs';

/** Starts the server anew so that its request statements can be recorded, and as it was when `use` is done. It gets a function that records one request. */
export async function withRecorder({ server, database }, use) {
  const file = path.join(database.folder, 'statements.jsonl');
  const recorder = pathToFileURL(inRepository('scripts/bench/record-statements.mjs'));
  await server.restart({ NODE_OPTIONS: `--import ${recorder}`, BENCH_STATEMENTS: file });
  const record = async (request) => {
    fs.writeFileSync(file, '');
    fs.writeFileSync(`${file}.on`, '');
    await request();
    fs.rmSync(`${file}.on`);
    return fs.readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  };
  try {
    return await use(record);
  } finally {
    await server.restart();
  }
}

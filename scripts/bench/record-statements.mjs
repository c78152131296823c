// Loaded into the server by `npm run bench` alone: writes every statement to the file named in BENCH_STATEMENTS, one JSON line each.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { inRepository } from '../lib/repository.mjs';

const pg = createRequire(inRepository('server/package.json'))('pg');
const query = pg.Client.prototype.query;
pg.Client.prototype.query = function record(...args) {
  const text = typeof args[0] === 'string' ? args[0] : args[0]?.text;
  if (text && fs.existsSync(`${process.env.BENCH_STATEMENTS}.on`)) fs.appendFileSync(process.env.BENCH_STATEMENTS, `${JSON.stringify({ text })}\n`);
  return query.apply(this, args);
};

// Loaded into the server by `npm run bench` alone: while the file BENCH_STATEMENTS.on exists, writes every statement of a request to BENCH_STATEMENTS,
// one JSON line each. What works in the background is no part of a request, and the queue's own connections are told apart by their name.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { inRepository } from '../lib/repository.mjs';

const pg = createRequire(inRepository('server/package.json'))('pg');
const { query } = pg.Client.prototype;
const inRequest = new AsyncLocalStorage();
subscribe('http.server.request.start', () => inRequest.enterWith(true));
const POOLS = new Set(['porchlight_app', 'porchlight_system']);

pg.Client.prototype.query = function record(...args) {
  const text = typeof args[0] === 'string' ? args[0] : args[0]?.text;
  const values = Array.isArray(args[1]) ? args[1] : args[0]?.values;
  const isOfRequest = inRequest.getStore() && POOLS.has(this.connectionParameters?.application_name);
  if (text && isOfRequest && fs.existsSync(`${process.env.BENCH_STATEMENTS}.on`)) fs.appendFileSync(process.env.BENCH_STATEMENTS, `${JSON.stringify({ text, values })}\n`);
  return query.apply(this, args);
};

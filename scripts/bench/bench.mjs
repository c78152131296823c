import { buildChanged } from '../lib/build.mjs';
import { installPackages } from '../lib/packages.mjs';
import { step } from '../lib/progress.mjs';
import { Report } from './report.mjs';

const SMALL = 10_000;

/** Measures everything, or the parts named. `BENCH_CONVERSATIONS` makes the large account smaller. Answers 1 when a limit was missed. */
export async function bench(only) {
  await installPackages();
  await buildChanged();
  // Imported now: they need the packages.
  const parts = {
    sizes: (await import('./sizes.mjs')).benchSizes, memory: (await import('./memory.mjs')).benchMemory, statements: (await import('./statements.mjs')).benchStatements,
    realtime: (await import('./realtime.mjs')).benchRealtime, accept: (await import('./accept.mjs')).benchAccept, list: (await import('./list.mjs')).benchList,
    filters: (await import('./filters.mjs')).benchFilters, reports: (await import('./reports.mjs')).benchReports,
    mail: (await import('./mail.mjs')).benchMail,
  };
  const chosen = Object.keys(parts).filter((name) => only.length === 0 || only.includes(name));
  const report = new Report();
  const { startDatabase, startServer } = await import('./rig.mjs');
  const { fill, settle } = await import('./fill.mjs');
  const large = Number(process.env.BENCH_CONVERSATIONS ?? 1_000_000);
  const database = await startDatabase();
  let server;
  try {
    const accounts = { small: await step(`Filling an account with ${SMALL.toLocaleString('en')} conversations`, () => fill(database.owner, 1, SMALL)) };
    if (chosen.some((name) => ['list', 'filters', 'reports'].includes(name))) accounts.large = await step(`Filling an account with ${large.toLocaleString('en')} conversations`, () => fill(database.owner, 2, large));
    await step('Settling the tables', () => settle(database.owner));
    server = await startServer(database);
    for (const name of chosen) await parts[name]({ server, database, owner: database.owner, report, ...accounts });
  } finally {
    await server?.stop();
    await database.stop();
  }
  process.stdout.write(report.missed === 0 ? '\nEvery limit is kept.\n' : `\n${report.missed} limit(s) missed.\n`);
  return report.missed === 0 ? 0 : 1;
}

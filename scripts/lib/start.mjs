import { buildChanged } from './build.mjs';
import { DataFolderLock, openDataFolder } from './data-folder.mjs';
import { openDatabase } from './database.mjs';
import { fillDemo } from './demo.mjs';
import { Failure } from './failure.mjs';
import { migrate } from './migrations.mjs';
import { installPackages } from './packages.mjs';
import { requirePort } from './ports.mjs';
import { endRunning } from './processes.mjs';
import { say } from './progress.mjs';
import { requireUsableRedis } from './redis-check.mjs';
import { serverEnvironment, ServerProcess } from './server-process.mjs';
import { readSettings } from './settings.mjs';
import { StopRequest } from './stop-request.mjs';

const usage = `npm start [-- --demo]

Starts Porchlight on this machine: installs, builds what changed, starts its database, serves until Ctrl-C.

  --demo   first fill an empty database with a lifelike example organisation, and say how to sign in
  --help   this text

Settings are environment variables (all of them: docs/running.md):
  PORT=3000            port to listen on
  HOST=0.0.0.0         address to listen on
  PUBLIC_URL=          address people use, when it is not http://localhost:PORT
  DATA_DIR=./.data     folder of the embedded database, files and secrets
  DATABASE_URL=        your own PostgreSQL (15 or newer) instead of the embedded one
  REDIS_URL=           a Redis for the queues and for several processes
`;

/** Runs Porchlight until it is told to stop. Answers the exit code. */
export async function start(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--demo');
  if (unknown) throw new Failure(`npm start does not know "${unknown}". See npm start -- --help`);

  const settings = readSettings();
  openDataFolder(settings.dataDir);
  const lock = new DataFolderLock(settings.dataDir);
  await lock.take();
  const stop = new StopRequest();
  const undo = [() => lock.release()];
  try {
    return await serve(settings, { lock, stop, undo, demo: args.includes('--demo') });
  } finally {
    lock.noteStopping();
    await endRunning();
    for (const step of undo.reverse()) await step();
  }
}

async function serve(settings, { lock, stop, undo, demo }) {
  await requirePort(settings.port, settings.host);
  await stop.orElse(installPackages());
  await stop.orElse(buildChanged());
  if (stop.requested) return 0;

  if (settings.redisUrl) await stop.orElse(requireUsableRedis(settings.redisUrl));
  const database = await openDatabase(settings);
  undo.push(() => database.close());
  const env = serverEnvironment(settings, database);
  await stop.orElse(migrate(env));
  if (demo) await stop.orElse(fillDemo(env));
  if (stop.requested) return 0;

  const server = new ServerProcess(env);
  undo.push(() => server.stop());
  stop.onSecond(() => server.kill());
  lock.noteServer(server.pid);
  await stop.orElse(server.untilReady(settings));
  if (stop.requested) return 0;

  say(`Porchlight is ready: ${settings.publicUrl}`);
  // While nobody exists the server itself says the link for the first administrator.
  server.show();
  await Promise.race([stop.wanted, server.ended, database.keepRunning(say)]);
  if (stop.requested) {
    say('Stopping …');
    return 0;
  }
  throw new Failure('The server ended unexpectedly; its last words are above. Start it again with npm start.');
}

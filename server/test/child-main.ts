import 'reflect-metadata';
import { Clock } from '../src/platform/clock/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Log } from '../src/platform/logging/log.js';
import { serve } from '../src/roles/serve.js';
import { assemble } from '../src/roles/start.js';
import { PORT_IN_USE } from './exit-codes.js';
import { TestLedgerModule } from './test-subscribers.js';

const config = readConfig();
const log = Log.at(config.LOG_LEVEL);
const app = await assemble(config, log, new Clock(), [TestLedgerModule]);
await serve(app, config, log).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  process.exit(PORT_IN_USE);
});
process.stdout.write(`listening http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}\n`);

import 'reflect-metadata';
import { Clock } from '../src/platform/clock/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Log } from '../src/platform/logging/log.js';
import { assemble } from '../src/roles/start.js';
import { TestLedgerModule } from './test-subscribers.js';

const config = readConfig();
const app = await assemble(config, Log.at(config.LOG_LEVEL), new Clock(), [TestLedgerModule]);
await app.listen(0, '127.0.0.1');
process.stdout.write(`listening http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}\n`);

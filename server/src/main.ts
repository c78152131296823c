import 'reflect-metadata';
import { SetupLink } from './identity/installation/setup-link.js';
import { Clock } from './platform/clock/clock.js';
import { readConfig } from './platform/config/config.js';
import { Log } from './platform/logging/log.js';
import { assemble } from './roles/start.js';

try {
  const config = readConfig();
  const log = Log.at(config.LOG_LEVEL);
  const app = await assemble(config, log, new Clock());
  const setupLink = config.PROCESS_ROLES.includes('api') ? await app.get(SetupLink).renew() : undefined;
  await app.listen(config.PORT, config.HOST);
  log.info('listening', { address: await app.getUrl(), roles: config.PROCESS_ROLES });
  // The start script, whose child we are then, reads the link from the data folder and says it in its own words.
  if (setupLink && !process.connected) process.stdout.write(`First administrator: ${setupLink}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

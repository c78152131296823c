import 'reflect-metadata';
import { Installations } from './identity/installation/installation.service.js';
import { Clock } from './platform/clock/clock.js';
import { readConfig } from './platform/config/config.js';
import { demandStrongSecrets } from './platform/config/strong-secrets.js';
import { Log } from './platform/logging/log.js';
import { Census } from './roles/census.js';
import { serve } from './roles/serve.js';
import { assemble } from './roles/start.js';

try {
  const config = readConfig();
  demandStrongSecrets(config);
  const log = Log.at(config.LOG_LEVEL);
  await Census.join(config, log);
  const app = await assemble(config, log, new Clock());
  const setupLink = config.PROCESS_ROLES.includes('api') ? await app.get(Installations).setupLink() : undefined;
  await serve(app, config, log);
  log.info('listening', { address: await app.getUrl(), roles: config.PROCESS_ROLES });
  if (setupLink) process.stdout.write(`First administrator: ${setupLink}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

import { readConfig } from './platform/config/config.js';
import { demandStrongSecrets } from './platform/config/strong-secrets.js';
import { demandRightKey } from './platform/crypto/keyring-connection.js';
import { migrate } from './platform/database/migrate.js';

try {
  const config = readConfig();
  demandStrongSecrets(config);
  await demandRightKey(config);
  const ran = await migrate(config.DATABASE_URL);
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.length} step(s).\n` : 'The database is up to date.\n');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

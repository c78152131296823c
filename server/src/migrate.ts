import { readConfig } from './platform/config/config.js';
import { migrate } from './platform/database/migrate.js';

try {
  const ran = await migrate(readConfig().DATABASE_URL);
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.length} step(s).\n` : 'The database is up to date.\n');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

import fs from 'node:fs';
import path from 'node:path';

/** The address that creates the first administrator, or undefined once somebody exists. */
export async function setupLink(settings) {
  const file = path.join(settings.dataDir, 'setup-token');
  if (!fs.existsSync(file)) return undefined;
  const token = fs.readFileSync(file, 'utf8').trim();
  return token ? `${settings.publicUrl}/app/setup?token=${encodeURIComponent(token)}` : undefined;
}

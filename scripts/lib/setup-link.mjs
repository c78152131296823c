import fs from 'node:fs';
import path from 'node:path';

/**
 * The address that creates the first administrator, or undefined once somebody exists. The server keeps the link's
 * token in the file setup-token of the data folder (readable for its user only) for as long as nobody exists.
 */
export function setupLink({ dataDir, publicUrl }) {
  const token = readToken(path.join(dataDir, 'setup-token'));
  return token ? `${publicUrl}/app/setup?token=${encodeURIComponent(token)}` : undefined;
}

function readToken(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

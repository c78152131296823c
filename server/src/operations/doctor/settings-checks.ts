import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError, type Config } from '../../platform/config/config.js';
import { demandStrongSecrets } from '../../platform/config/strong-secrets.js';
import { demandRightKey } from '../../platform/crypto/keyring-connection.js';
import type { OutboundHttp } from '../../platform/outbound-http/outbound-http.js';
import { fail, ok, warn, type Finding } from './finding.js';

const DEFAULT_PASSWORDS = ['', 'postgres', 'password', 'porchlight', 'changeme', 'secret', 'admin'];
const THIS_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const PATIENCE_MS = 5_000;

/** The key, the database's password and who may read the file they lie in. */
export async function checkSecrets(config: Config): Promise<Finding[]> {
  const found: Finding[] = [];
  try {
    demandStrongSecrets(config);
  } catch (error) {
    found.push(fail('secrets', (error as Error).message, 'What is sealed with it already can only be opened with it: plan the change with a fresh installation.'));
  }
  const { password, hostname } = new URL(config.DATABASE_URL);
  if (!THIS_MACHINE.test(hostname) && DEFAULT_PASSWORDS.includes(decodeURIComponent(password))) {
    found.push(warn('secrets', `The database at ${hostname} has a password that everybody tries first.`, 'Change it there and in DATABASE_URL.'));
  }
  const file = resolve(config.DATA_DIR, 'secrets.json');
  const kept = await stat(file).catch(() => undefined);
  if (kept && process.platform !== 'win32' && (kept.mode & 0o077) !== 0) found.push(fail('secrets', `${file} can be read by other users of this machine.`, `chmod 600 ${file}`));
  return found.length > 0 ? found : [ok('secrets', 'Strong, and readable for their owner only.')];
}

/** Whether SECRET_KEY opens what the database keeps. */
export async function checkKey(config: Config): Promise<Finding> {
  try {
    const changes = await demandRightKey(config);
    if (changes === 'secret') return warn('key', 'A new SECRET_KEY was made and has not been used yet: the old one still works.', 'Set the new one and restart, or make another: docs/keys.md.');
    if (changes === 'keys') return warn('key', 'Changing the keys was interrupted: some secrets are still sealed with an old one.', 'npm run setup -- rotate-keys --tidy');
    return ok('key', 'SECRET_KEY is the one of this database.');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail('key', `${error.message.replace(/ Nothing was changed\.$/, '')} Without it signing in with a second factor, inboxes and files fail.`, 'What to set: docs/keys.md and docs/running.md.');
  }
}

/** Whether people reach this installation, and whether nobody reads along. */
export async function checkAddress(config: Config, http: OutboundHttp): Promise<Finding> {
  if (!config.PUBLIC_URL) return warn('address', 'PUBLIC_URL is not set: links in mails lead to localhost.', 'Set it to the address people use.');
  const { protocol, hostname } = new URL(config.PUBLIC_URL);
  if (protocol === 'http:' && !THIS_MACHINE.test(hostname)) return fail('address', `${config.PUBLIC_URL} is without TLS: passwords can be read on the way.`, 'Put a proxy with TLS in front (docs/deploy.md) and write https:// in PUBLIC_URL.');
  const outcome = await http.send({ method: 'GET', url: `${config.PUBLIC_URL}/health`, timeoutMs: PATIENCE_MS });
  if (outcome.kind === 'answered') {
    return outcome.status === 200 ? ok('address', `${config.PUBLIC_URL} answers.`) : warn('address', `${config.PUBLIC_URL} answers ${outcome.status}.`, 'Is Porchlight running, and does the proxy lead to it?');
  }
  if (/certificate|self.signed|altname/i.test(outcome.reason)) return fail('address', `The certificate of ${config.PUBLIC_URL} is not valid (${outcome.reason}).`, 'Renew it; browsers refuse it.');
  return warn('address', `${config.PUBLIC_URL} cannot be reached from here (${outcome.reason}).`, 'Is Porchlight running? Some networks do not reach their own address: then try from elsewhere.');
}

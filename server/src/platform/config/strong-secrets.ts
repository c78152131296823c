import { ConfigError, type Config } from './config.js';

const PLACEHOLDER = /change.?me|replace.?(me|this)|your.?(secret|key)|placeholder|example|insert.?here|<|>/i;
/** 32 random bytes have some twenty different characters in any spelling; what somebody typed to fill the line has few. */
const FEWEST_CHARACTERS = 8;

/** Refuses to start with a key that can be guessed: everything sealed with it would be open. Throws ConfigError. */
export function demandStrongSecrets(config: Config): void {
  const { SECRET_KEY: key } = config;
  if (new Set(key).size >= FEWEST_CHARACTERS && !PLACEHOLDER.test(key)) return;
  throw new ConfigError('SECRET_KEY can be guessed. Take a random one, like "openssl rand -hex 32" prints, before anything is stored with it. See docs/running.md.');
}

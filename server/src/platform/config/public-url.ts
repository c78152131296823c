import type { Config } from './config.js';

/** Where people reach this installation, without a trailing slash. For mails, which know no request; never taken from a Host header. */
export const publicUrl = (config: Config): string => config.PUBLIC_URL ?? `http://localhost:${config.PORT}`;

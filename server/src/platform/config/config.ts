import ipaddr from 'ipaddr.js';
import { z } from 'zod';

function oneAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** A comma-separated list; `isRight` looks at each. */
const list = (isRight: (entry: string) => boolean, what: string) => z.string().transform((v, context) => v.split(',').map((s) => s.trim()).filter((entry) => {
  if (entry !== '' && !isRight(entry)) context.addIssue({ code: 'custom', message: `"${entry}" is not ${what}` });
  return entry !== '';
}));
const isAddress = (text: string): boolean => ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
const isNameServer = (text: string): boolean => ipaddr.isValid(text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1'));

const flag = z.enum(['0', '1', 'true', 'false']).default('0').transform((v) => v === '1' || v === 'true');
const optional = z.string().trim().min(1).optional();

/** Every setting of a process, read once from the environment. A wrong one stops the start with its name. */
export const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Address people use, without a trailing slash. Links in mails, and addresses of files for programs, are made with it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional().transform((v) => v?.replace(/\/+$/, '')),
  DATABASE_URL: z.string().min(1),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(12),
  REDIS_URL: optional,
  /** First part of every Redis key, where installations share a Redis. */
  REDIS_PREFIX: z.string().regex(/^[a-z0-9_-]{1,40}$/i).default('porchlight'),
  /** 32 bytes or more; it wraps all keys of the installation. */
  SECRET_KEY: z.string().min(32),
  /** For single commands: the SECRET_KEY that a backup was made with, and the one that is to follow; as they are, or the path of a file that holds it. */
  OLD_SECRET_KEY: optional, OLD_SECRET_KEY_FILE: optional, NEW_SECRET_KEY: optional, NEW_SECRET_KEY_FILE: optional,
  /** Minutes without a request after which a dashboard session ends: 15 minutes to 7 days. */
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(15).max(10_080).default(480),
  /** Requests of one address to the API in a minute, in all processes that share a Redis; 0 for no limit. */
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(0).default(1200),
  /** Megabytes of files that one visitor, and one network address of visitors, may send in an hour; 0 for no limit. */
  UPLOAD_MB_PER_VISITOR_HOUR: z.coerce.number().int().min(0).max(1_000_000).default(200),
  UPLOAD_MB_PER_ADDRESS_HOUR: z.coerce.number().int().min(0).max(1_000_000).default(1_000),
  /** Files that one person, visitor or program may send in an hour; 0 for no limit. */
  UPLOADS_PER_HOUR: z.coerce.number().int().min(0).default(300),
  /** Megabytes of files that an account takes in a day, half of it from visitors; 0 for no limit. */
  UPLOAD_MB_PER_ACCOUNT_DAY: z.coerce.number().int().min(0).max(1_000_000).default(20_000),
  /** What must stay free of the data folder's disk; with less, files are refused. No part of the whole: of a large disk that would be much room left unused. */
  UPLOAD_KEEP_FREE_MB: z.coerce.number().min(0).default(1_000),
  /** With REDIS_URL: seconds between /ready turning red and the end of listening. */
  DRAIN_NOTICE_SECONDS: z.coerce.number().min(0).max(8).default(3),
  PROCESS_ROLES: z.string().default('api,realtime,worker,scheduler')
    .transform((v) => v.split(',').map((s) => s.trim()).filter(Boolean))
    .pipe(z.array(z.enum(['api', 'realtime', 'worker', 'scheduler'])).min(1)),
  DATA_DIR: z.string().default('./.data'),
  STORAGE: z.enum(['disk', 's3']).default('disk'),
  S3_BUCKET: optional, S3_REGION: optional, S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(), S3_ACCESS_KEY_ID: optional, S3_SECRET_ACCESS_KEY: optional,
  /** Where the daily backup goes: a folder (BACKUP_DIR, else `backups` in DATA_DIR), the bucket of the files, or nowhere. */
  BACKUP_TO: z.enum(['disk', 's3', 'off']).default('disk'),
  BACKUP_DIR: optional,
  /** Hour of the day at which it is made, UTC. */
  BACKUP_HOUR: z.coerce.number().int().min(0).max(23).default(2),
  /** Programs registered with Google and Microsoft, so that mailboxes there can be connected without a password. */
  GOOGLE_OAUTH_CLIENT_ID: optional, GOOGLE_OAUTH_CLIENT_SECRET: optional, AZURE_APP_ID: optional, AZURE_APP_SECRET: optional,
  /** Where people sign in and tokens are given out, where it is not the usual place. */
  GOOGLE_OAUTH_URL: z.url().optional(), MICROSOFT_OAUTH_URL: z.url().optional(),
  /** Where Dialogflow is, when it is not Google's own, as with a simulator. */
  DIALOGFLOW_URL: z.url().optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be like smtp://user:password@mail.example.org:587' }).optional(),
  MAIL_FROM: z.string().regex(/(^|<)[^\s<>@]+@[^\s<>@]+>?$/, 'must be an address, or like "Name <address>"').default('Porchlight <porchlight@localhost>'),
  /** Where whoever finds a hole in this installation may write: an address (mailto:) or a page. */
  SECURITY_CONTACT: z.string().regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must be like mailto:security@example.org or https://example.org/security').optional(),
  /** Domain whose mail reaches us: forwarding and reply addresses of mail inboxes are made with it. */
  MAILER_INBOUND_EMAIL_DOMAIN: z.string().trim().toLowerCase().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/).optional(),
  /** Module that threads load before anything else, where sources are translated while they are loaded, as in tests. */
  WORKER_IMPORT: optional,
  /** Where Amazon SNS is, when it is not Amazon's own, as with a simulator. */
  SNS_URL: z.url().optional(),
  /** Name servers to ask about mail, comma separated; without any those of this machine. */
  DNS_SERVERS: list(isNameServer, 'the address of a name server').prefault(''),
  /** Hosts or networks the outbound client may reach although they are private, comma separated. */
  OUTBOUND_ALLOW: list((entry) => isAddress(entry) || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(entry), 'a host, an address or a network like 10.0.0.0/8').prefault(''),
  /** Proxies whose X-Forwarded-For is believed: addresses or networks, comma separated. */
  TRUST_PROXY: list((entry) => isAddress(entry) || ['loopback', 'linklocal', 'uniquelocal'].includes(entry), 'an address, a network like 10.0.0.0/8, loopback, linklocal or uniquelocal').prefault('loopback'),
  /** Asked of readers of /metrics. Without it only private networks may read. */
  METRICS_TOKEN: z.string().min(16).optional(),
  /** Networks that may read /metrics without a token, comma separated; none named: all private ones. */
  METRICS_ALLOW: z.string().default('').transform((v, context) => v.split(',').map((s) => s.trim()).filter(Boolean).map((network) => {
    try {
      return network.includes('/') ? ipaddr.parseCIDR(network) : oneAddress(network);
    } catch {
      context.addIssue({ code: 'custom', message: `"${network}" is neither an address nor a network like 10.0.0.0/8` });
      return z.NEVER;
    }
  })),
  ALLOW_UNSAFE_POSTGRES: flag,
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
}).refine((given) => given.S3_BUCKET !== undefined || (given.STORAGE !== 's3' && given.BACKUP_TO !== 's3'), { path: ['S3_BUCKET'], message: 'is needed to keep files or backups in a bucket' });

export type Config = Readonly<z.infer<typeof settings>>;

/** DI token of the configuration. */
export const CONFIG = Symbol('config');

/** Thrown when the environment is wrong; the message is one line a person can act on. */
export class ConfigError extends Error {}

/** Reads and checks the settings. Throws ConfigError naming every wrong variable. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, v]) => v !== undefined && v !== ''));
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ');
  throw new ConfigError(`Settings are wrong: ${wrong}. See docs/running.md.`);
}

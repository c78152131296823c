import { Inject, Injectable } from '@nestjs/common';
import { mkdir, statfs } from 'node:fs/promises';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Keyring, randomToken } from '../../platform/crypto/keyring.js';
import { RootKey } from '../../platform/crypto/root-key.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import { OutboundHttp } from '../../platform/outbound-http/outbound-http.js';
import { Blobs } from '../../platform/storage/blobs.js';
import { DiskRoom } from '../../platform/storage/disk-room.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { LastBackups } from '../backup/last-backups.repository.js';
import { judgeClock } from './clock-check.js';
import { checkSchema, judgeDatabase } from './database-checks.js';
import { DoctorRepository } from './doctor.repository.js';
import { fail, ok, warn, type Finding } from './finding.js';
import { checkRedis } from './redis-checks.js';
import { checkAddress, checkKey, checkSecrets } from './settings-checks.js';

const LATE_SECONDS = 10;
const STUCK_SECONDS = 60;
const OUTBOUND_LATE_SECONDS = 900;
const SCARCE = 0.1;
const FULL = 0.03;
const BACKUP_TOO_OLD_MS = 48 * 3_600_000;

/** Looks at everything an installation stands on. Changes nothing and sends nothing, but for a probe file that it removes again. */
@Injectable()
export class Doctor {
  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly repository: DoctorRepository, private readonly mailer: Mailer, private readonly blobs: Blobs,
    private readonly backups: LastBackups, private readonly clock: Clock, private readonly room: DiskRoom, private readonly http: OutboundHttp,
  ) {}

  /** One line for each thing looked at. A check that breaks is itself a finding. */
  async examine(): Promise<Finding[]> {
    const checks: [string, () => Promise<Finding | Finding[]>][] = [
      ['database', () => this.database()], ['migrations', () => checkSchema(this.config.DATABASE_URL)], ['redis', () => checkRedis(this.config.REDIS_URL, () => this.clock.now())],
      ['disk', () => this.disk()], ['storage', () => this.storage()], ['secrets', () => checkSecrets(this.config)], ['key', () => checkKey(this.config)], ['address', () => checkAddress(this.config, this.http)],
      ['mail', () => this.mail()], ['work', () => this.work()], ['backup', () => this.backup()],
    ];
    const found = await Promise.all(checks.map(([name, look]) => look().catch((error: unknown) => fail(name, `It could not be looked at: ${firstLine(error)}`, 'Its cure is in docs/running.md, or in the log.'))));
    return found.flat();
  }

  private async database(): Promise<Finding[]> {
    const facts = await this.repository.database();
    return [...judgeDatabase(facts, this.config), judgeClock('clock', 'the database', this.clock.now(), facts.now_ms)];
  }

  private async disk(): Promise<Finding> {
    await mkdir(this.config.DATA_DIR, { recursive: true });
    const { bavail, blocks, bsize } = await statfs(this.config.DATA_DIR);
    const share = bavail / blocks;
    const says = `${(bavail * bsize / 1_073_741_824).toFixed(1)} GB are free (${Math.round(share * 100)} %).`;
    const advice = 'Free some: old logs, old backups, or a larger disk.';
    if (await this.room.isScarce()) return fail('disk', `${says} Files are refused.`, advice);
    return share < FULL ? fail('disk', says, advice) : share < SCARCE ? warn('disk', says, advice) : ok('disk', says);
  }

  private async storage(): Promise<Finding> {
    const key = `doctor/${randomToken(12)}`;
    const words = Buffer.from('a probe');
    const where = this.config.STORAGE === 's3' ? `the bucket ${this.config.S3_BUCKET}` : 'the data folder';
    // With a key of the moment: it also runs where the right one is missing.
    const files = new FileStore(this.blobs, new Keyring([{ root: RootKey.random() }]));
    try {
      await files.write(key, [words] as unknown as AsyncIterable<Buffer>);
      const back = await files.readAll(key);
      return back?.equals(words) ? ok('storage', `Files can be written to ${where}, read and removed.`) : fail('storage', `A file written to ${where} came back otherwise.`, 'Stop using it, and look at its disk.');
    } catch (error) {
      return fail('storage', `Files cannot be kept in ${where}: ${firstLine(error)}`, this.config.STORAGE === 's3' ? 'Correct the S3_ settings or the rights of their key.' : 'Give this user the right to write there.');
    } finally {
      await files.remove(key).catch(() => undefined);
    }
  }

  private async mail(): Promise<Finding> {
    if (!this.mailer.configured) return warn('mail', 'No mail server is set: invitations and new passwords are shown as links.', 'Set SMTP_URL and MAIL_FROM.');
    try {
      await this.mailer.verify();
      return ok('mail', 'The mail server takes us: connection, TLS and sign-in.');
    } catch (error) {
      return fail('mail', `The mail server does not take us: ${firstLine(error)}`, 'Correct SMTP_URL.');
    }
  }

  private async work(): Promise<Finding[]> {
    const { oldest_event_seconds: lag, oldest_outbound_seconds: late, dead_letters: letters } = await this.repository.work();
    const says = `The oldest event waits ${Math.round(lag)} s.`;
    const advice = 'Is a process with the role worker running? Its log says why it does not get on.';
    return [
      lag > STUCK_SECONDS ? fail('events', says, advice) : lag > LATE_SECONDS ? warn('events', says, advice) : ok('events', 'Events get through.'),
      late > OUTBOUND_LATE_SECONDS ? warn('outbound', `A message to be sent is ${Math.round(late / 60)} minutes late.`, advice) : ok('outbound', 'Messages to be sent are on time.'),
      letters > 0 ? warn('dead_letters', `${letters} pieces of work were given up.`, 'Settings, System lists them: retry or discard.') : ok('dead_letters', 'No work was given up.'),
    ];
  }

  private async backup(): Promise<Finding> {
    const [good, last] = await Promise.all([this.backups.lastGood(), this.backups.last()]);
    if (!good) return warn('backup', last ? `None has succeeded yet: ${last.error}` : 'None has been made yet.', 'npm run setup -- backup (docs/backup.md)');
    const hours = Math.round((this.clock.now() - good.getTime()) / 3_600_000);
    const says = `The last good one is ${hours} hours old${last?.ok === false ? `; the newest try failed: ${last.error}` : ''}.`;
    if (this.clock.now() - good.getTime() > BACKUP_TOO_OLD_MS) return fail('backup', says, 'Make one now and see why the nightly one does not: docs/backup.md.');
    return last?.ok === false ? warn('backup', says, 'docs/backup.md') : ok('backup', says);
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!;

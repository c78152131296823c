import { Inject, Injectable } from '@nestjs/common';
import { statfs } from 'node:fs/promises';
import { DeadLetters } from '../delivery/dead-letters.repository.js';
import { DeliveryHealth } from '../delivery/delivery-health.service.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { VERSION } from '../platform/config/version.js';
import { LastBackups } from './backup/last-backups.repository.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { LANES, Queues, type Lane, type LaneDepth } from '../platform/queue/queues.js';
import { DiskRoom } from '../platform/storage/disk-room.js';
import type { CheckState, SystemStatus } from './system.dto.js';

/** Events that wait so long are late, or not getting through. */
const LATE_SECONDS = 10;
const STUCK_SECONDS = 60;
/** Two nights without one. */
const BACKUP_OLD_SECONDS = 48 * 3_600;
/** Share of the disk that should stay free. */
const SCARCE = 0.1;
const FULL = 0.03;

type Depths = Record<Lane, LaneDepth>;

/** Gathers how the installation does, as far as this process can see. */
@Injectable()
export class SystemStatusService {
  constructor(
    private readonly system: SystemWork, private readonly queues: Queues, private readonly delivery: DeliveryHealth, private readonly letters: DeadLetters,
    private readonly backups: LastBackups, private readonly room: DiskRoom, @Inject(CONFIG) private readonly config: Config,
  ) {}

  async look(): Promise<SystemStatus> {
    const [database, depths, backlog, deadLetters, disk, lastBackup] = await Promise.all([
      this.database(), this.queues.depths().catch(() => undefined), this.delivery.backlog(), this.letters.countUnresolved('everywhere'), this.disk(), this.lastBackup(),
    ]);
    const status = {
      version: VERSION, node_version: process.versions.node, started_at: Math.floor(Date.now() / 1_000 - process.uptime()), database,
      queue: { backend: this.config.REDIS_URL ? 'redis' as const : 'postgres' as const, lanes: depths ? lanesOf(depths) : null },
      relay: { lag_seconds: Math.round((backlog.oldest_seconds ?? 0) * 1_000) / 1_000, undispatched: backlog.undispatched, deliveries_pending: backlog.deliveries },
      outbound_waiting: backlog.outbound, dead_letters: deadLetters, disk, storage: this.config.STORAGE, mail_configured: this.config.SMTP_URL !== undefined, last_backup: lastBackup,
    };
    return { ...status, checks: checksOf(status, await this.room.isScarce()) };
  }

  private async database(): Promise<SystemStatus['database']> {
    const [row] = await this.system.sql<{ version: string; size: number }>(`SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size`);
    return { version: row!.version, size: row!.size };
  }

  private async lastBackup(): Promise<SystemStatus['last_backup']> {
    const last = await this.backups.last();
    return last ? { finished_at: Math.floor(last.finished_at.getTime() / 1_000), size: last.size, ok: last.ok } : null;
  }

  // Where the data folder lies; a bucket has no end that we could see.
  private async disk(): Promise<SystemStatus['disk']> {
    try {
      const { bavail, blocks, bsize } = await statfs(this.config.DATA_DIR);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch {
      return null;
    }
  }
}

const lanesOf = (depths: Depths): NonNullable<SystemStatus['queue']['lanes']> =>
  LANES.map((lane) => ({ lane, waiting: depths[lane].waiting, active: depths[lane].active, delayed: depths[lane].delayed }));

function checksOf(status: Omit<SystemStatus, 'checks'>, takesNoFiles: boolean): SystemStatus['checks'] {
  const above = (value: number, warning: number, failed: number): CheckState => (value > failed ? 'failed' : value > warning ? 'warning' : 'ok');
  const used = status.disk ? 1 - status.disk.free / status.disk.total : 0;
  return [
    // It has just answered.
    { id: 'database', state: 'ok' },
    { id: 'queue', state: status.queue.lanes ? 'ok' : 'failed' },
    { id: 'relay', state: above(status.relay.lag_seconds, LATE_SECONDS, STUCK_SECONDS) },
    { id: 'dead_letters', state: status.dead_letters > 0 ? 'warning' : 'ok' },
    { id: 'disk', state: takesNoFiles ? 'failed' : above(used, 1 - SCARCE, 1 - FULL) },
    { id: 'mail', state: status.mail_configured ? 'ok' : 'warning' },
    { id: 'backup', state: status.last_backup?.ok && status.last_backup.finished_at > Date.now() / 1_000 - BACKUP_OLD_SECONDS ? 'ok' : 'warning' },
  ];
}

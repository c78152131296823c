import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/config.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { Log } from '../platform/logging/log.js';
import { DeliveryRegistry } from './delivery-registry.js';
import { QueuedJobs } from './queued-jobs.service.js';

const TICK_MS = 1_000;

/**
 * Queues repeated jobs when they are due, on processes with the role `scheduler`. What is due stands in Postgres and is claimed there, by its
 * clock: any number of schedulers may run, an emptied queue forgets nothing, and what fell due while everything was down runs at the start.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private ticking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly registry: DeliveryRegistry, private readonly jobs: QueuedJobs,
    private readonly system: SystemWork, private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const repeated = this.registry.repeated();
    if (repeated.length === 0 || !this.config.PROCESS_ROLES.includes('scheduler')) return;
    const [names, seconds] = [repeated.map((job) => job.name), repeated.map((job) => job.everyMs / 1_000)];
    await this.system.sql('INSERT INTO schedules (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [names]);
    const again = (): void => {
      this.ticking = this.tick(names, seconds).then(() => { if (!this.stopped) this.timer = setTimeout(again, TICK_MS); });
    };
    again();
  }

  private async tick(names: string[], seconds: number[]): Promise<void> {
    try {
      const due = await this.system.sql<{ name: string }>(
        `UPDATE schedules s SET next_at = now() + make_interval(secs => r.every) FROM unnest($1::text[], $2::float8[]) r(name, every)
         WHERE s.name = r.name AND s.next_at <= now() RETURNING s.name`, [names, seconds]);
      await Promise.all(due.map(({ name }) => this.queue(name)));
    } catch (error) {
      this.log.warn('the schedule could not be read', { error: (error as Error).message });
    }
  }

  private async queue(name: string): Promise<void> {
    try {
      await this.jobs.tick(name);
    } catch (error) {
      // Due again at the next look, so that a queue that was away costs a daily job a second and not a day.
      await this.system.sql('UPDATE schedules SET next_at = now() WHERE name = $1', [name]);
      this.log.debug('a repeated job waits for the queue', { job: name, error: (error as Error).message });
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.ticking;
  }
}

import { Injectable } from '@nestjs/common';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { RunsJob, type Job } from './job.js';

const DAY = 86_400_000;

/** Makes the coming months' partitions, drops events older than 30 days and what delivery no longer needs to remember. */
@Injectable()
@RunsJob({ name: 'keep-delivery-tables', everyMs: DAY })
export class KeepDeliveryTables implements Job {
  constructor(private readonly system: SystemWork) {}

  async run(): Promise<void> {
    await this.system.sql('SELECT make_time_partitions(3)');
    await this.system.sql(`SELECT drop_event_partitions(now() - interval '30 days')`);
    await this.system.sql(`DELETE FROM processed_events WHERE processed_at < now() - interval '30 days'`);
    await this.system.sql('DELETE FROM idempotency_keys WHERE expires_at < now()');
    await this.system.sql(`DELETE FROM dead_letters WHERE resolved_at < now() - interval '30 days'`);
  }
}

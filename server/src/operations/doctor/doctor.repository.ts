import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import type { DatabaseFacts } from './database-checks.js';

/** What waits and what was given up, in the whole installation. */
export interface WorkFacts { oldest_event_seconds: number; oldest_outbound_seconds: number; dead_letters: number }

/** What the database knows of itself and of our work. */
@Injectable()
export class DoctorRepository {
  constructor(private readonly system: SystemWork) {}

  async database(): Promise<DatabaseFacts> {
    return (await this.system.sql<DatabaseFacts>(`
      SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
        current_setting('max_connections')::int AS max_connections, current_setting('superuser_reserved_connections')::int AS reserved,
        (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms`))[0]!;
  }

  async work(): Promise<WorkFacts> {
    return (await this.system.sql<WorkFacts>(`
      SELECT coalesce((SELECT extract(epoch FROM now() - min(created_at)) FROM events WHERE dispatched_at IS NULL), 0)::float8 AS oldest_event_seconds,
        greatest(coalesce((SELECT extract(epoch FROM now() - min(due_at)) FROM outbound_messages), 0), 0)::float8 AS oldest_outbound_seconds,
        (SELECT count(*) FROM dead_letters WHERE resolved_at IS NULL)::int AS dead_letters`))[0]!;
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { LANES, Queues } from '../platform/queue/queues.js';
import { Metrics } from '../platform/telemetry/metrics.js';
import { RelaySignal } from './relay-signal.service.js';

/** What waits: for the relay, for subscribers, for the outside. */
export interface Backlog { undispatched: number; oldest_seconds: number | null; deliveries: number; outbound: number }

/** Whether events get through: what waits for the relay, what waits in the queues, what was given up. */
@Injectable()
export class DeliveryHealth implements OnModuleInit {
  constructor(private readonly system: SystemWork, private readonly queues: Queues, private readonly metrics: Metrics, private readonly signal: RelaySignal) {}

  onModuleInit(): void {
    this.metrics.gauge('porchlight_relay_leading', 'Whether the relay works in this process.', () => [{ value: this.signal.leading ? 1 : 0 }]);
    this.metrics.gauge('porchlight_events_undispatched', 'Committed events that the relay has not handed out.', async () => [{ value: (await this.backlog()).undispatched }]);
    this.metrics.gauge('porchlight_relay_lag_seconds', 'Age of the oldest of them.', async () => [{ value: (await this.backlog()).oldest_seconds ?? 0 }]);
    this.metrics.gauge('porchlight_deliveries_pending', 'Deliveries to subscribers that have not finished.', async () => [{ value: await this.count('event_deliveries') }]);
    this.metrics.gauge('porchlight_outbound_messages_waiting', 'Outgoing messages whose fate is not known.', async () => [{ value: await this.count('outbound_messages') }]);
    this.metrics.gauge('porchlight_dead_letters', 'Work that was given up and not looked at.', async () => [{ value: await this.count('dead_letters WHERE resolved_at IS NULL') }]);
    this.metrics.gauge('porchlight_queue_jobs', 'Jobs in the queues.', async () => {
      const depths = await this.queues.depths();
      return LANES.flatMap((lane) => Object.entries(depths[lane]).map(([state, value]) => ({ labels: { lane, state }, value: value as number })));
    });
  }

  /** Age of the oldest event that waits for the relay, in seconds; 0 when none waits. */
  async relayLag(): Promise<number> {
    return (await this.backlog()).oldest_seconds ?? 0;
  }

  async backlog(): Promise<Backlog> {
    const [row] = await this.system.sql<Backlog>(
      `SELECT count(*) AS undispatched, extract(epoch FROM now() - min(created_at))::float8 AS oldest_seconds,
         (SELECT count(*) FROM event_deliveries) AS deliveries, (SELECT count(*) FROM outbound_messages) AS outbound FROM events WHERE dispatched_at IS NULL`);
    return row!;
  }

  private async count(what: string): Promise<number> {
    const [row] = await this.system.sql<{ n: number }>(`SELECT count(*) AS n FROM ${what}`);
    return row!.n;
  }
}

import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/config.js';
import { Log } from '../platform/logging/log.js';
import { RedisConnections } from '../platform/redis/redis-connections.js';
import { DeliveryRegistry } from './delivery-registry.js';
import { EventDispatch } from './event-dispatch.service.js';
import { RelaySession } from './relay-session.js';
import { RelaySignal } from './relay-signal.service.js';

const POLL_MS = 1_000;
/**
 * Between busy batches the relay rests twice as long as the last one took, within these bounds: an eager relay would take processor and disk from the very
 * writers it serves, and queueing a few deliveries costs nearly as much as queueing many.
 */
const REST_MS = { least: 5, most: 60 };
const SWEEP_MS = 5_000;
const SWEEP = 500;

/**
 * The relay: one process of the installation at a time numbers committed events, pushes them and queues their deliveries. The others stand by
 * inside pg_advisory_lock and take over at once.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private session?: RelaySession;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private nextSweep = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly registry: DeliveryRegistry, private readonly dispatch: EventDispatch,
    private readonly signal: RelaySignal, private readonly redis: RedisConnections, private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.PROCESS_ROLES.includes('worker')) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    // A standby hangs in its lock for as long as somebody leads.
    if (this.signal.leading) this.signal.ring();
    else await this.session?.close();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.session = new RelaySession(this.config.DATABASE_URL, this.registry.routes(), () => this.signal.ring());
      try {
        await Promise.race([this.session.lead(!this.redis.inUse), this.session.lost]);
        if (!this.stopped) await this.lead(this.session);
      } catch (error) {
        if (!this.stopped) {
          this.log.warn('the relay starts again', { error: (error as Error).message });
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
      } finally {
        this.signal.leading = false;
        await this.dispatch.settle();
        await this.session.end();
      }
    }
  }

  private async lead(session: RelaySession): Promise<void> {
    this.signal.leading = true;
    this.log.info('relay is at work');
    while (!this.stopped) {
      const seen = this.signal.rings;
      const began = Date.now();
      const events = await Promise.race([session.next(), session.lost]);
      if (events.length > 0) {
        await Promise.race([this.dispatch.dispatch(events), session.lost]);
        const rest = Math.min(REST_MS.most, Math.max(REST_MS.least, 2 * (Date.now() - began)));
        if (events.length > 1) await new Promise((resolve) => setTimeout(resolve, rest));
      } else {
        await Promise.race([this.signal.rungSince(seen, POLL_MS), session.lost]);
      }
      await this.sweep(session);
    }
  }

  private async sweep(session: RelaySession): Promise<void> {
    if (await this.dispatch.queueIsBack()) {
      await session.allDue();
      this.nextSweep = 0;
    }
    if (this.dispatch.queueAway || Date.now() < this.nextSweep) return;
    const late = await session.overdue(SWEEP);
    await this.dispatch.queue(late);
    // A full page means there is more.
    this.nextSweep = Date.now() + (late.length === SWEEP ? POLL_MS : SWEEP_MS);
  }
}

import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { DeliveryHealth } from '../delivery/delivery-health.service.js';
import { Public } from '../identity/access/access.decorators.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { answers } from '../platform/http/answers.js';
import { Draining } from '../platform/http/draining.js';
import { Problem } from '../platform/http/problem.js';
import { Queues } from '../platform/queue/queues.js';
import { VERSION } from '../platform/config/version.js';

const Alive = z.object({ status: z.literal('ok') });
const Ready = z.object({ status: z.literal('ok'), queue: z.enum(['ok', 'away']), relay_lag_seconds: z.number() });
const Version = z.object({ version: z.string(), porchlight_version: z.string(), timestamp: z.string(), queue_services: z.string(), data_services: z.string() });

/** Whose API this is. Programs, Chatwoot's phone app among them, refuse servers whose `version` is below the one they were made for. */
const CHATWOOT_VERSION = '4.15.1';

/** Events that wait longer than this are not getting through. */
const MAX_LAG_SECONDS = 60;

/** Is this process alive, and is it of use. */
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly system: SystemWork, private readonly queues: Queues, private readonly delivery: DeliveryHealth, private readonly draining: Draining,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('health')
  @answers(Alive)
  alive(): z.infer<typeof Alive> {
    return { status: 'ok' };
  }

  /**
   * Postgres decides for every process. Queue and relay decide for those that work on them: taking messages in needs neither, and a balancer
   * must not turn a missing Redis into a missing helpdesk.
   */
  @Get('ready')
  @answers(Ready)
  async ready(): Promise<z.infer<typeof Ready>> {
    if (this.draining.begun) throw new Problem('unavailable', 'This process is stopping.');
    const [lag, queue] = await Promise.all([this.delivery.relayLag(), this.queue()]);
    const state = { queue, relay_lag_seconds: Math.round(lag * 1000) / 1000 };
    if (this.config.PROCESS_ROLES.includes('worker')) {
      if (queue === 'away') throw new Problem('unavailable', 'The queue cannot be reached.', { body: state });
      if (lag > MAX_LAG_SECONDS) throw new Problem('unavailable', 'Events are not getting through.', { body: state });
    }
    return { status: 'ok', ...state };
  }

  private queue(): Promise<'ok' | 'away'> {
    return this.queues.ping().then(() => 'ok', () => 'away');
  }

  @Get('api')
  @answers(Version)
  async version(): Promise<z.infer<typeof Version>> {
    const [queue] = await Promise.all([this.queue(), this.system.sql('SELECT 1')]);
    return { version: CHATWOOT_VERSION, porchlight_version: VERSION, timestamp: new Date().toISOString(), queue_services: queue === 'ok' ? 'ok' : 'failing', data_services: 'ok' };
  }
}

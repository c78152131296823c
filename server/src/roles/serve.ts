import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import { DeliveryWorkers } from '../delivery/delivery-workers.service.js';
import { Relay } from '../delivery/relay.service.js';
import { Scheduler } from '../delivery/scheduler.service.js';
import type { Config } from '../platform/config/config.js';
import { Draining } from '../platform/http/draining.js';
import type { Log } from '../platform/logging/log.js';
import { SocketServer } from '../realtime/socket-server.js';

/** Requests and uploads may take so long to end. */
const QUIET_MS = 15_000;
/** Proxies may keep an idle connection for less than this; docs/scaling.md says so. */
const RELEASED_MS = 3_000;
/** Whatever hangs is cut off: it was never answered, or is taken up again. */
const AT_MOST_MS = 24_000;

/** Listens until SIGTERM or SIGINT, then leaves so that nobody loses anything: others take over while this process finishes what it has begun. */
export async function serve(app: NestFastifyApplication, config: Config, log: Log): Promise<void> {
  app.get(Draining).watch(app.getHttpServer() as Server);
  await app.listen(config.PORT, config.HOST);
  let leaving = false;
  const open = new Set<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (leaving) return;
      leaving = true;
      setTimeout(() => { log.error('stopping took too long; cut off', { open: [...open] }); process.exit(1); }, AT_MOST_MS).unref();
      leave(app, config, log, open).then(() => process.exit(0), (error: unknown) => { log.error('stopping failed', { error }); process.exit(1); });
    });
  }
}

/** `open` names what it still waits for. */
async function leave(app: NestFastifyApplication, config: Config, log: Log, open: Set<string>): Promise<void> {
  const began = Date.now();
  const closed = (name: string, work: Promise<unknown>): Promise<unknown> => {
    open.add(name);
    return work.finally(() => open.delete(name));
  };
  const draining = app.get(Draining);
  log.info('leaving');
  draining.begin();
  const work = Promise.all([Relay, Scheduler, DeliveryWorkers].map((type) => closed(type.name, app.get<Relay | Scheduler | DeliveryWorkers>(type).beforeApplicationShutdown())));
  // Balancers that ask /ready go elsewhere before the door is closed; those that do not find it closed and go elsewhere then.
  if (config.REDIS_URL) await new Promise((resolve) => setTimeout(resolve, config.DRAIN_NOTICE_SECONDS * 1_000));
  draining.stopListening();
  app.get(SocketServer).leave();
  await Promise.all([work, closed('requests', draining.quiet(QUIET_MS)), config.REDIS_URL && draining.released(RELEASED_MS)]);
  await closed('application', app.close());
  log.info('left', { ms: Date.now() - began });
}

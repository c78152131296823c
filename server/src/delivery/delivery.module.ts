import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeadLetters } from './dead-letters.repository.js';
import { DeliveryHealth } from './delivery-health.service.js';
import { DeliveryRegistry } from './delivery-registry.js';
import { DeliveryWorkers } from './delivery-workers.service.js';
import { EventDispatch } from './event-dispatch.service.js';
import { Events } from './events.js';
import { FinishedDeliveries } from './finished-deliveries.js';
import { KeepDeliveryTables } from './keep-delivery-tables.job.js';
import { Jobs } from './job.js';
import { PendingDeliveries } from './pending-deliveries.repository.js';
import { ProcessedEvents } from './processed-events.js';
import { QueuedJobs } from './queued-jobs.service.js';
import { RelaySignal } from './relay-signal.service.js';
import { RelayTaps } from './relay-taps.js';
import { RelayWake } from './relay-wake.js';
import { Relay } from './relay.service.js';
import { Scheduler } from './scheduler.service.js';

/** Makes committed facts reach their subscribers and jobs, at least once. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Events, RelayWake, RelayTaps, RelaySignal, Relay, EventDispatch, DeliveryRegistry, DeliveryWorkers, FinishedDeliveries,
    QueuedJobs, { provide: Jobs, useExisting: QueuedJobs }, Scheduler, DeadLetters, PendingDeliveries, ProcessedEvents, KeepDeliveryTables, DeliveryHealth,
  ],
  exports: [Events, RelayWake, RelayTaps, Jobs, DeadLetters, ProcessedEvents, DeliveryHealth],
})
export class DeliveryModule {}

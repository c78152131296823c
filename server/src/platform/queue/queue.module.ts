import { Global, Module } from '@nestjs/common';
import { BullmqQueues } from './bullmq-queues.js';
import { Queues } from './queues.js';

@Global()
@Module({ providers: [{ provide: Queues, useClass: BullmqQueues }], exports: [Queues] })
export class QueueModule {}

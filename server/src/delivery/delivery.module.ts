import { Global, Module } from '@nestjs/common';
import { Events } from './events.js';
import { RelayWake } from './relay-wake.js';

/** Makes committed facts reach their subscribers and jobs, at least once. */
@Global()
@Module({ providers: [Events, RelayWake], exports: [Events, RelayWake] })
export class DeliveryModule {}

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Log } from './log.js';

/** The log and the clock: what nearly every provider asks for. */
@Global()
@Module({})
export class LoggingModule {
  static with(log: Log, clock: Clock): DynamicModule {
    return { module: LoggingModule, providers: [{ provide: Log, useValue: log }, { provide: Clock, useValue: clock }], exports: [Log, Clock] };
  }
}
